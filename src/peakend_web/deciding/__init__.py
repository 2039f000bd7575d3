"""What shall be done when something is so: which facts fulfil which rule of a service's document.

Who acts on it is an area of its own: here nothing is opened, sent or changed but how far was looked.
"""
