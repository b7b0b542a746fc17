"""Invented photographs for the demo's reports, with the metadata that a telephone would leave in them."""

from io import BytesIO

from PIL import Image, ImageDraw

_SIZE = (960, 640)
_GPS, _MAKE, _MODEL, _LATITUDE, _LONGITUDE = 0x8825, 0x010F, 0x0110, 2, 4


def photograph(name: str) -> bytes:
    """Return a drawn street scene as a JPEG or PNG file, by the ending of ``name``, with place and device in it."""
    image = Image.new("RGB", _SIZE, "#c9d6df")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 420, *_SIZE), fill="#8d99a6")
    draw.rectangle((120, 180, 380, 420), fill="#e8dcc8", outline="#5b5b5b")
    draw.rounded_rectangle((480, 350, 820, 470), 30, fill="#2f4858")
    for x in (540, 760):
        draw.ellipse((x - 35, 440, x + 35, 510), fill="#1b1b1b")
    exif = Image.Exif()
    exif[_MAKE], exif[_MODEL] = "Fictional", "Demo phone"
    exif.get_ifd(_GPS).update({1: "N", _LATITUDE: (33.0, 30.0, 0.0), 3: "E", _LONGITUDE: (113.0, 30.0, 0.0)})
    target = BytesIO()
    image.save(target, "PNG" if name.endswith(".png") else "JPEG", exif=exif)
    return target.getvalue()
