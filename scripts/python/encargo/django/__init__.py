"""A Django app: with `encargo.django` in INSTALLED_APPS, Encargo's commands are management commands of the project."""

from encargo.django import listing

# Django lists the commands of an app by the folder of its commands; this makes Encargo the one that is asked for it.
listing.register()
