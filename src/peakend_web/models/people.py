"""Who works here: workspaces, people, what each may do, the sites a service is given at; and what opens a door beside a
password: an invitation, a key for the API, the key of a device, a second factor.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

LEAST_CELL: Final = 5
"""About how many people something must be to be shown, where a workspace says nothing else."""
SMALLEST_CELL: Final = 3
"""No workspace may ask for less."""


class Role(models.TextChoices):
    """What a member is in a workspace, from most to least."""

    OWNER = "owner"
    MANAGER = "manager"
    ANALYST = "analyst"
    FRONTLINE = "frontline"
    VIEWER = "viewer"


class Language(models.TextChoices):
    """The languages of the interface, by Django's codes."""

    EN = "en", "English"
    ZH_HANT = "zh-hant", "繁體中文"
    ZH_HANS = "zh-hans", "简体中文"


class Workspace(models.Model):
    """One organisation's room: nothing in it is seen from another."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    timezone = models.TextField(default="UTC", help_text="Whose midnight begins a day here; a site may have its own.")
    least_cell = models.PositiveSmallIntegerField(default=LEAST_CELL, help_text="Nothing is shown about fewer people.")
    weighted = models.BooleanField(
        default=False, help_text="Whether pages lead with figures that use survey weights; the others stand beside."
    )
    demo = models.BooleanField(default=False, help_text="Holds the samples, not an organisation's own customers.")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(least_cell__gte=SMALLEST_CELL), name="workspace_least_cell")
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place where the service is given. Facts carry its `key` in their column `site`."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sites")
    key = models.CharField(max_length=100)
    name = models.TextField()
    timezone = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "key"], name="site_once")]

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """How a workspace shows itself to customers: by a name, a colour and a logo. What is empty is ours."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="brand")
    name = models.TextField(blank=True)
    colour = models.CharField(max_length=7, blank=True, help_text="As #rrggbb; read on paper.")
    embedded_on = models.JSONField(
        default=list, help_text="The origins whose pages may show surveys within themselves; none at first."
    )
    logo = models.BinaryField(null=True, help_text="A PNG that was drawn anew from what was sent.")
    logo_digest = models.CharField(max_length=32, blank=True, db_index=True, help_text="By which it is asked for.")
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Makes people; the e-mail is kept in one spelling."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Person:
        """Make a person who signs in with this e-mail; without a password nobody can sign in as them yet."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> Person:
        """Make a person of the support staff, who sees the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find a person however they spell their e-mail."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.TextField()
    language = models.CharField(
        max_length=8, choices=Language.choices, blank=True, default="", help_text="Empty: as the browser asks."
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the support pages.")
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_spelling")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a workspace. No sites named means all of them."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    sites = models.ManyToManyField(Site, blank=True, related_name="memberships")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "person"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


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


class Device(models.Model):
    """A screen of the house that stands where customers are: it signs in with a key of its own, of which only the
    digest is kept, and opens one page of one workspace at one site.
    """

    class Page(models.TextChoices):
        """What a device may show."""

        KIOSK = "kiosk"
        """A survey at one of its places, answered by one person after the other."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="devices")
    name = models.TextField()
    site = models.TextField(blank=True, help_text="The key of the site where it stands.")
    page = models.CharField(max_length=8, choices=Page.choices, default=Page.KIOSK)
    shows = models.CharField(max_length=32, help_text="What it shows there: of a kiosk, the code of the place.")
    code = models.CharField(max_length=16, unique=True, help_text="By which it is addressed; opens nothing.")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, help_text="When it last asked for anything, to the minute.")
    revoked_at = models.DateTimeField(null=True)

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
