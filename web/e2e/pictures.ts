import sharp from 'sharp';

/** What `setInputFiles` takes. */
export interface UploadFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/**
 * A photograph of sorts, with soft light, edges and grain, so that it compresses like one. Each call gives other bytes.
 *
 * @param quality of the JPEG; higher means more bytes to send
 */
export async function makePhotograph(name: string, quality = 90): Promise<UploadFile> {
  const widthPx = 1600;
  const heightPx = 1200;
  const hue = Math.floor(Math.random() * 360);
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(widthPx)}" height="${String(heightPx)}">
    <defs>
      <linearGradient id="sky" x2="0" y2="1">
        <stop offset="0" stop-color="hsl(${String(hue)} 45% 82%)"/><stop offset="1" stop-color="hsl(${String(hue + 50)} 50% 55%)"/>
      </linearGradient>
      <radialGradient id="sun"><stop offset="0" stop-color="#fff8e0"/><stop offset="1" stop-color="#f4b860"/></radialGradient>
    </defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${String(400 + Math.floor(Math.random() * 800))}" cy="380" r="150" fill="url(#sun)"/>
    <path d="M0 820 Q400 600 800 800 T1600 720 V1200 H0Z" fill="hsl(${String(hue + 110)} 30% 36%)"/>
    <path d="M0 980 Q500 800 900 960 T1600 900 V1200 H0Z" fill="hsl(${String(hue + 120)} 34% 24%)"/>
  </svg>`;
  const grain = await sharp({
    create: {
      width: widthPx,
      height: heightPx,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 9 },
    },
  })
    .png()
    .toBuffer();
  const buffer = await sharp(Buffer.from(drawing))
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality })
    .toBuffer();
  return { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer };
}

/** A photograph whose bytes end before the picture does. */
export async function makeTruncatedPhotograph(name: string): Promise<UploadFile> {
  const photograph = await makePhotograph(name);
  return { ...photograph, buffer: photograph.buffer.subarray(0, Math.floor(photograph.buffer.length / 3)) };
}

/** A name that no other test uses. */
export function uniqueName(words: string): string {
  return `${words} ${crypto.randomUUID().slice(0, 8)}`;
}
