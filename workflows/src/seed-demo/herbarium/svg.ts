import { at, mixPoint, type Point } from './geometry.ts';

/** One decimal of a pixel: half the bytes of two, and nobody sees the difference at 1600 px. */
export function num(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return Object.is(rounded, -0) ? '0' : String(rounded);
}

/**
 * Writes path commands relative to the last point, in whole tenths of a pixel, so that rounding never adds up. Half the
 * bytes of absolute coordinates, and a plate has a hundred thousand of them.
 */
function createPathWriter(): { add(command: string, points: readonly Point[]): void; close(): void; text(): string } {
  const parts: string[] = [];
  let x = 0;
  let y = 0;
  const relative = (value: number): string => {
    const text = String(value / 10);
    return value >= 0 ? ` ${text}` : text;
  };
  return {
    add: (command, points) => {
      let body = '';
      let [endX, endY] = [x, y];
      for (const point of points) {
        endX = Math.round(point.x * 10);
        endY = Math.round(point.y * 10);
        body += relative(endX - x) + relative(endY - y);
      }
      [x, y] = [endX, endY];
      parts.push(command + body.trimStart());
    },
    close: () => {
      parts.push('z');
    },
    text: () => parts.join(''),
  };
}

export function linePath(points: readonly Point[], closed = false): string {
  const first = points[0];
  if (first === undefined) return '';
  const writer = createPathWriter();
  writer.add('M', [first]);
  for (const point of points.slice(1)) writer.add('l', [point]);
  if (closed) writer.close();
  return writer.text();
}

/** Quadratic curves through the middles: smooth from few points, with the points as handles. */
export function smoothPath(points: readonly Point[], closed = false): string {
  const count = points.length;
  if (count < 3) return linePath(points, closed);
  const writer = createPathWriter();
  if (closed) {
    writer.add('M', [mixPoint(at(points, count - 1), at(points, 0), 0.5)]);
    points.forEach((point, index) => {
      writer.add('q', [point, mixPoint(point, index + 1 === count ? at(points, 0) : at(points, index + 1), 0.5)]);
    });
    writer.close();
    return writer.text();
  }
  writer.add('M', [at(points, 0)]);
  for (let index = 1; index < count - 1; index += 1) {
    const end = index === count - 2 ? at(points, count - 1) : mixPoint(at(points, index), at(points, index + 1), 0.5);
    writer.add('q', [at(points, index), end]);
  }
  return writer.text();
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${String(typeof value === 'number' ? Math.round(value * 1000) / 1000 : value)}"`)
    .join('');
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export function fillPath(d: string, fill: string, opacity = 1): string {
  return element('path', { d, fill, 'fill-opacity': opacity < 1 ? opacity : undefined });
}

export function strokePath(d: string, stroke: string, width: number, opacity = 1): string {
  return element('path', {
    d,
    fill: 'none',
    stroke,
    'stroke-width': width,
    'stroke-opacity': opacity < 1 ? opacity : undefined,
  });
}

export function group(content: string, attributes: Attributes = {}): string {
  return element('g', attributes, content);
}
