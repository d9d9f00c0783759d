"""What the API takes: nothing that it does not know."""

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class Given(serializers.Serializer):
    """A field that nobody declared is refused, not passed over: a misspelt one would be a lost one."""

    def to_internal_value(self, data):
        values = super().to_internal_value(data)
        unknown = set(data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError({name: [_unknown()] for name in sorted(unknown)})
        return values


def _unknown():
    return ErrorDetail("", code="unknown")


def given(serializer, request):
    """The values sent, or ValidationError."""
    found = serializer(data=request.data)
    found.is_valid(raise_exception=True)
    return found.validated_data
