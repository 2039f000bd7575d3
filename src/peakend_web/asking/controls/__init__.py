"""How a question stands on its page, and how what was sent for it is read: the controls that kinds of question share.

Each is a class here and a template in `templates/peakend_web/asking/controls/`; a kind names which it uses.
"""
