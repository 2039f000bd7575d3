"""What every area of the application stands on: addresses and their guard, grants, refusals, the trail, forms and the
menu, times and languages, keys and logs, jobs, and the threads and processes that work beside a request.
"""
