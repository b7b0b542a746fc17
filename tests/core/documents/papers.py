"""What stands in a document, read back as its readers' programs do."""

from io import BytesIO

from docx import Document
from docx.document import Document as Docx


def opened(content: bytes) -> Docx:
    return Document(BytesIO(content))


def text_of(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(content).paragraphs]
