"""The commands of Encargo; `encargo.django.listing` finds them."""
