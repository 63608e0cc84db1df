import type { GardenFailure, GardenFailureCode } from '@hortus/contracts/artifact';
import { isCutOff } from './cut-off.ts';

/** Failures that lie in the picture. */
type PictureFailureCode = Exclude<GardenFailureCode, 'GARDENER_GAVE_UP'>;

/** What there is to say of each: what is wrong with the bytes, and what to do. */
const DETAILS: Readonly<Record<PictureFailureCode, string>> = {
  NOT_A_PICTURE:
    'The bytes are not a picture in a format that can be shown. Upload a JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG file.',
  PICTURE_TRUNCATED:
    'The file ends before the picture does, as after an interrupted copy or download. Upload the complete file.',
  PICTURE_UNREADABLE:
    'The file begins like a picture, but what follows is damaged or written in an unusual way. Open it in an image ' +
    'program, save it anew as JPEG or PNG, and upload that.',
  PICTURE_TOO_SLOW:
    'Decoding the picture or encoding it takes longer than one picture may take. Save it anew as JPEG or PNG, smaller or ' +
    'simpler, and upload that.',
  PICTURE_TOO_LARGE: 'The picture has more pixels than are allowed. Make it smaller and upload it again.',
};

export function gardenFailure(code: PictureFailureCode, detail: string = DETAILS[code]): GardenFailure {
  return { code, detail };
}

/** Messages of libvips for trouble of the machine, not of the picture: another attempt may pass. */
const MACHINE_TROUBLE =
  /file is missing|out of memory|unable to open|no space left|too many open files|cannot allocate/i;

/**
 * What an error of sharp says of the picture; null when the picture is not at fault.
 *
 * libvips tells errors by message only (sharp#1166), and most decoders don't tell a cut-off file from a damaged one: the
 * bytes are asked then.
 *
 * @param readBytes reads the original; called for errors that leave open what is wrong
 */
export async function classifyPictureError(
  error: unknown,
  readBytes: () => Promise<Uint8Array>,
): Promise<GardenFailure | null> {
  const message = error instanceof Error ? error.message : String(error);
  if (MACHINE_TROUBLE.test(message)) return null;
  if (/exceeds (pixel|channel) limit/i.test(message)) return gardenFailure('PICTURE_TOO_LARGE');
  if (/premature end of JPEG/i.test(message)) return gardenFailure('PICTURE_TRUNCATED');
  if (isCutOff(await readBytes())) return gardenFailure('PICTURE_TRUNCATED');
  if (/unsupported image format/i.test(message)) return gardenFailure('NOT_A_PICTURE');
  return gardenFailure('PICTURE_UNREADABLE');
}
