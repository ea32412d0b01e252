"""Legs: ways to the posts of an account other than its page, and how they are checked.

The platforms' open interfaces, read without any secret. None of them knows the archive.
"""
