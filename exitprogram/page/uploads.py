"""Uploaded files are kept in memory while they are looked at: nothing unsealed is ever written to a disk."""

import io

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class InMemoryOnly(FileUploadHandler):
    """What goes beyond the largest file is thrown away as it comes; the form sees the size and says so."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.kept, self.seen = io.BytesIO(), 0

    def receive_data_chunk(self, raw_data, start):
        self.seen += len(raw_data)
        if self.seen <= settings.LARGEST_FILE:
            self.kept.write(raw_data)
        return

    def file_complete(self, file_size):
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept, field_name=self.field_name, name=self.file_name, content_type="", size=file_size,
            charset=None, content_type_extra={},
        )  # fmt: skip
