"""Members of staff, their roles, and how they sign in: a passkey, or a link sent to their mailbox. No passwords.

Clauses: 1.2.
Law: APPI Art. 24.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

ROLES = ("officer", "desk", "engineer", "auditor")


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by mail address, in any letter case."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The member of staff with this address."""
        return self.get(email__iexact=username or "")

    def names_of_officers(self) -> set[str]:
        """Who may approve, by the names under which they act."""
        rows = self.filter(is_active=True).values_list("pk", "roles")
        return {f"staff:{pk}" for pk, roles in rows if "officer" in roles}


class Staff(AbstractBaseUser):
    """A member of staff. The primary key is the number under which the ledger knows them; their name is never there."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    roles = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="ja")
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = StaffManager()

    class Meta:
        db_table = "staff"

    def has_role(self, *roles: str) -> bool:
        """Whether they hold one of these roles."""
        return bool(set(roles) & set(self.roles))


class SignInLink(models.Model):
    """A one-time link to sign in. Only a digest of it is kept; it opens a page that asks for a confirming press."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_sign_in_link"


class Passkey(models.Model):
    """A passkey of a member of staff: the public key that a browser or a device made. There is no secret in it."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    counter = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_passkey"
        ordering: ClassVar = ["added_at"]
