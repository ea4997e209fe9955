"""The least Django can do, served as the desk is: what the desk's own figures are compared with."""
