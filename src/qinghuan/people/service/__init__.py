"""What the people room does for the rest of the house, one file for each story.

Every privileged act passes `audit.act`: refused when the log stands still, recorded in the
same transaction. What counts wrong tries (`sign_in`, `second_factor`, `change_password`)
answers with a value instead of raising, as an error would roll the count back.
"""
