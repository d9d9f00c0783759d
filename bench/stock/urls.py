from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import DefaultRouter

from bench.stock import api, desk  # noqa: F401  registers the admin

router = DefaultRouter()
router.register("cases", api.Cases)
router.register("plans", api.Plans)
router.register("notes", api.Notes)
urlpatterns = [path("admin/", admin.site.urls), path("api/", include(router.urls))]
