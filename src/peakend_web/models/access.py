"""What opens a door beside a password: an invitation, a key for the API, a second factor."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .people import Person, Role, Site, Workspace


class Invitation(models.Model):
    """A link that lets one person join a workspace in a role. Only the digest of the link's secret is kept."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role.choices)
    sites = models.ManyToManyField(Site, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email}: {self.role}"


class ApiKey(models.Model):
    """A key by which a program reads from, or writes to, one workspace. Only its digest is kept."""

    class Scope(models.TextChoices):
        """What a key opens."""

        READ = "read"
        WRITE = "write"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_keys")
    name = models.TextField()
    scope = models.CharField(max_length=5, choices=Scope.choices)
    prefix = models.CharField(max_length=12, help_text="The first characters, by which people recognise it.")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class SecondFactor(models.Model):
    """An authenticator app's share of signing in.

    The app's secret is derived from this salt and the installation's own secret, so a stolen database does not hold it.
    `last_step` is the time step of the last code that was used: a code works once.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="second_factor")
    salt = models.CharField(max_length=64)
    last_step = models.BigIntegerField(default=0)
    recovery = models.JSONField(default=list, help_text="Digests of the recovery codes that are still unused.")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.person)
