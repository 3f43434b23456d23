"""The app, and the setting `ENCARGO = {"BINARY": .., "DATA_DIR": .., "TENANT": ..}` of a project."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from encargo.installed import configure


class EncargoConfig(AppConfig):
    """Encargo in a Django project. It has no models; its rows are in Encargo's data directory."""

    name = "encargo.django"
    label = "encargo"
    verbose_name = "Encargo"

    def ready(self):
        """Takes the setting over. Without it the environment and `encargo.toml` say where everything is."""
        given = dict(getattr(settings, "ENCARGO", {}))
        known = {"binary": given.pop("BINARY", None), "data_dir": given.pop("DATA_DIR", None),
                 "tenant": given.pop("TENANT", None)}
        if given:
            raise ImproperlyConfigured(f"ENCARGO has BINARY, DATA_DIR and TENANT, and not {', '.join(given)}")
        try:
            configure(**known)
        except ValueError as error:
            raise ImproperlyConfigured(str(error)) from None
