"""Several processes of the program that work as one."""
