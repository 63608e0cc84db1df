const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/**
 * Whether arrays and objects in a JSON text are nested deeper than `depthMax`. Asked before it is parsed: what walks a value
 * afterwards does so by calling itself, and half a megabyte of `[` would end its stack. Nothing else of the text is judged.
 */
export function isDeeperThan(depthMax: number, json: Buffer): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) {
      isText = true;
    } else if (OPEN.has(byte)) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (CLOSE.has(byte)) {
      depth -= 1;
    }
  }
  return false;
}
