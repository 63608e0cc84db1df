import { clamp, mix } from './geometry.ts';
import type { Random } from './random.ts';

/** OKLCH (Björn Ottosson 2020): equal steps look equal, so that mixing leaves and petals stays harmonious. */
export interface Colour {
  /** 0 black … 1 white. */
  readonly lightness: number;
  /** 0 grey … about 0.3. */
  readonly chroma: number;
  /** Degrees: 30 red, 90 yellow, 140 green, 250 blue, 330 magenta. */
  readonly hue: number;
}

export function colour(lightness: number, chroma: number, hue: number): Colour {
  return { lightness, chroma, hue };
}

function toLinear({ lightness, chroma, hue }: Colour): [number, number, number] {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** sRGB bytes; a colour outside what a screen shows loses chroma, not hue. */
export function toBytes(value: Colour): [number, number, number] {
  let tamed = { ...value, lightness: clamp(value.lightness, 0, 1), chroma: Math.max(0, value.chroma) };
  for (let round = 0; round < 12; round += 1) {
    if (toLinear(tamed).every((channel) => channel > -0.002 && channel < 1.002)) break;
    tamed = { ...tamed, chroma: tamed.chroma * 0.88 };
  }
  const [red, green, blue] = toLinear(tamed).map((channel) => {
    const safe = clamp(channel, 0, 1);
    const encoded = safe <= 0.0031308 ? 12.92 * safe : 1.055 * safe ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255);
  }) as [number, number, number];
  return [red, green, blue];
}

export function hex(value: Colour): string {
  return `#${toBytes(value)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`;
}

export function shade(value: Colour, lightness: number, chroma = 0, hue = 0): Colour {
  return colour(clamp(value.lightness + lightness, 0.02, 0.99), Math.max(0, value.chroma + chroma), value.hue + hue);
}

/** Mixes as pigments would, straight across the colour circle and not around it. */
export function mixColour(p: Colour, q: Colour, t: number): Colour {
  const turn = Math.PI / 180;
  const a = mix(p.chroma * Math.cos(p.hue * turn), q.chroma * Math.cos(q.hue * turn), t);
  const b = mix(p.chroma * Math.sin(p.hue * turn), q.chroma * Math.sin(q.hue * turn), t);
  return colour(mix(p.lightness, q.lightness, t), Math.hypot(a, b), Math.atan2(b, a) / turn);
}

/** A see-through colour on a see-through ground, as one colour and one opacity. */
export function layOver(
  top: Colour,
  topOpacity: number,
  ground: Colour,
  groundOpacity: number,
): { readonly fill: string; readonly opacity: number } {
  const opacity = topOpacity + groundOpacity * (1 - topOpacity);
  if (opacity <= 0) return { fill: hex(top), opacity: 0 };
  const [upper, lower] = [toBytes(top), toBytes(ground)];
  const mixed = upper.map((byte, channel) =>
    Math.round((byte * topOpacity + (lower[channel] ?? 0) * groundOpacity * (1 - topOpacity)) / opacity),
  );
  return { fill: `#${mixed.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`, opacity };
}

/** No two leaves of a plant have quite the same green. */
export function vary(value: Colour, random: Random, amount = 1): Colour {
  return shade(
    value,
    random.gaussian(0, 0.022 * amount),
    random.gaussian(0, 0.008 * amount),
    random.gaussian(0, 5 * amount),
  );
}
