import { crc32, deflateSync, inflateSync } from 'node:zlib';

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** One number a pixel, 0xRRGGBB. */
  readonly colours: Uint32Array;
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const coloursMax = 256;

const chunksOf = (png: Buffer): { type: string; data: Buffer }[] => {
  const chunks = [];
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
};

const paeth = (left: number, up: number, corner: number): number => {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
};

const unfilter = (raw: Buffer, rowBytes: number, pixelBytes: number): Buffer => {
  const rows = raw.length / (rowBytes + 1);
  const out = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row += 1) {
    const filter = raw[row * (rowBytes + 1)] ?? 0;
    for (let at = 0; at < rowBytes; at += 1) {
      const place = row * rowBytes + at;
      const left = at < pixelBytes ? 0 : (out[place - pixelBytes] ?? 0);
      const up = row === 0 ? 0 : (out[place - rowBytes] ?? 0);
      const corner = at < pixelBytes || row === 0 ? 0 : (out[place - rowBytes - pixelBytes] ?? 0);
      const added = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      out[place] = ((raw[row * (rowBytes + 1) + 1 + at] ?? 0) + added) & 0xff;
    }
  }
  return out;
};

/** The pixels of a picture as a browser makes it: eight bits a part, not interlaced. Throws for any other. */
export const readPng = (png: Buffer): Pixels => {
  const chunks = chunksOf(png);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (header === undefined) throw new Error('this is no PNG');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const kind = header[9];
  const pixelBytes = { 2: 3, 3: 1, 6: 4 }[kind ?? 0];
  if (header[8] !== 8 || header[12] !== 0 || pixelBytes === undefined) throw new Error('another kind of PNG');
  const data = inflateSync(
    Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data)),
  );
  const bytes = unfilter(data, width * pixelBytes, pixelBytes);
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data;
  const colours = new Uint32Array(width * height);
  for (let at = 0; at < colours.length; at += 1) {
    colours[at] =
      palette === undefined
        ? bytes.readUIntBE(at * pixelBytes, 3)
        : palette.readUIntBE((bytes[at] ?? 0) * 3, 3);
  }
  return { width, height, colours };
};

const distance = (a: number, b: number): number =>
  ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

/** The commonest colours; what is rarer, mostly the edges of letters, gets the nearest of them. */
const paletteOf = (colours: Uint32Array): { palette: number[]; placeOf: Map<number, number> } => {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byCount = [...counts.entries()]
    .sort(([a, many], [b, more]) => more - many || a - b)
    .map(([colour]) => colour);
  const palette = byCount.slice(0, coloursMax);
  const placeOf = new Map(palette.map((colour, place) => [colour, place]));
  for (const colour of byCount.slice(coloursMax)) {
    let nearest = 0;
    for (let place = 1; place < palette.length; place += 1) {
      if (distance(colour, palette[place] ?? 0) < distance(colour, palette[nearest] ?? 0)) nearest = place;
    }
    placeOf.set(colour, nearest);
  }
  return { palette, placeOf };
};

const chunk = (type: string, data: Buffer): Buffer => {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
};

/** The same picture with at most 256 colours and one byte a pixel. */
export const withPalette = (png: Buffer): Buffer => {
  const { width, height, colours } = readPng(png);
  const { palette, placeOf } = paletteOf(colours);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (width + 1));
  colours.forEach((colour, at) => {
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = placeOf.get(colour) ?? 0;
  });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk(
      'PLTE',
      Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
