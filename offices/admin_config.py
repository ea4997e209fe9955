"""Which site Django's admin is; apart from the site itself, which can be imported only once the apps are loaded."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    default_site = "offices.admin_site.DeskAdminSite"
