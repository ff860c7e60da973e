"""Makes Tests/MLOpsDataTests/Fixtures/images: a small painted picture in many encodings, each with the pixels that
Pillow reads from it (NAME.ppm, upright and RGB). Needs Pillow and NumPy; run from the root of the package."""
import io, pathlib, struct, zlib
import numpy as np
from PIL import Image, ImageOps

folder = pathlib.Path("Tests/MLOpsDataTests/Fixtures/images")
y, x = np.mgrid[0:23, 0:37]
rgb = np.stack([x * 6 + y, 255 - y * 10, (x * y) % 256], axis=-1).astype(np.uint8)
picture = Image.fromarray(rgb)


def keep(name, data):
    (folder / name).write_bytes(data)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if upright.mode == "I;16":  # Pillow clips 16-bit gray; the upper byte is what other color types keep
        upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
    upright.convert("RGB").save(folder / (name + ".ppm"))


def saved(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(color_type, depth, rows, interlaced=False, extra=b"", size=(37, 23)):
    """A PNG from rows (a function of x0, y0, dx, dy giving the bytes of each line), by the specification."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for x0, y0, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        data += b"".join(b"\0" + line for line in rows(x0, y0, dx, dy))
    header = struct.pack(">IIBBBBB", *size, depth, color_type, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data))
            + chunk(b"IEND", b""))


def lines(array):
    return lambda x0, y0, dx, dy: [line.tobytes() for line in array[y0::dy, x0::dx]]


keep("baseline.jpg", saved(picture, "JPEG", quality=85))
keep("progressive.jpg", saved(picture, "JPEG", quality=85, progressive=True))
keep("full-chroma.jpg", saved(picture, "JPEG", quality=95, subsampling=0))
keep("gray.jpg", saved(picture.convert("L"), "JPEG", quality=85))
keep("cmyk.jpg", saved(picture.convert("CMYK"), "JPEG", quality=95))
keep("gray.png", saved(picture.convert("L"), "PNG"))
keep("bilevel.png", saved(picture.convert("1"), "PNG"))
keep("palette.png", saved(picture.quantize(16), "PNG"))
keep("palette-transparent.png", saved(picture.quantize(16), "PNG", transparency=3))
alpha = picture.copy()
alpha.putalpha(Image.fromarray((x * 7 % 256).astype(np.uint8)))
keep("alpha.png", saved(alpha, "PNG"))
keep("gray-alpha.png", saved(alpha.convert("LA"), "PNG"))
keep("color-key.png", png(2, 8, lines(rgb), extra=chunk(b"tRNS", struct.pack(">HHH", 0, 255, 0))))
keep("interlaced.png", png(2, 8, lines(rgb), interlaced=True))
deep = (rgb.astype(np.uint32) * 257 ^ 0x5A).astype(">u2")
keep("deep.png", png(2, 16, lines(deep)))
keep("deep-gray.png", png(0, 16, lines(deep[:, :, 0])))
exif = Image.Exif()
exif[0x0112] = 6
keep("turned.png", saved(picture, "PNG", exif=exif))
for orientation in range(1, 9):
    exif[0x0112] = orientation
    keep(f"orientation-{orientation}.jpg", saved(picture, "JPEG", quality=85, exif=exif))
for name, data in [
    ("not-decoded.gif", saved(picture, "GIF")),
    ("not-decoded.webp", saved(picture, "WEBP")),
    ("not-decoded.bmp", saved(picture, "BMP")),
    ("not-decoded.tiff", saved(picture, "TIFF")),
]:
    (folder / name).write_bytes(data)
for size in [(9, 8), (16, 16), (80, 50), (37, 5)]:
    picture.resize(size, Image.BILINEAR).save(folder / f"triangle-{size[0]}x{size[1]}.ppm")
    picture.resize(size, Image.BICUBIC).save(folder / f"cubic-{size[0]}x{size[1]}.ppm")
picture.save(folder / "original.ppm")
huge = png(2, 8, lambda *_: [b"\0" * 12], size=(60_000, 60_000))
(folder / "huge-header.png").write_bytes(huge)
