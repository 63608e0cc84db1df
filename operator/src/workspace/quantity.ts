const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const NANO = 1_000_000_000n;
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i))?$/;

interface Parsed {
  readonly nanos: bigint;
  readonly form: 'binary' | 'decimal' | 'exponent';
}

/** @throws RangeError for what is no quantity */
function parse(quantity: string | number): Parsed {
  const found = FORM.exec(String(quantity));
  const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = found ?? [];
  if (found === null || whole + fraction === '') throw new RangeError(`${String(quantity)} is no quantity`);
  const isBinary = suffix.endsWith('i');
  const digits = BigInt(whole + fraction);
  const power = exponent === undefined ? (DECIMAL.indexOf(suffix) - 3) * 3 : Number(exponent.slice(1));
  let nanos = digits * (isBinary ? NANO * 1024n ** BigInt(BINARY.indexOf(suffix)) : 1n);
  const shift = (isBinary ? 0 : 9 + power) - fraction.length;
  // What is smaller than a nano is rounded up, as the server does.
  nanos = shift >= 0 ? nanos * 10n ** BigInt(shift) : divideUp(nanos, 10n ** BigInt(-shift));
  return {
    nanos: sign === '-' ? -nanos : nanos,
    form: isBinary ? 'binary' : exponent === undefined ? 'decimal' : 'exponent',
  };
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

/**
 * The form in which the API server keeps a quantity (resource.Quantity), so that `1000m` and `1` are not taken for a
 * difference: the largest unit that leaves a whole number.
 */
export function canonicalQuantity(quantity: string | number): string {
  const { nanos, form } = parse(quantity);
  if (nanos === 0n) return '0';
  const isWhole = nanos % NANO === 0n;
  if (form === 'binary' && isWhole) {
    let value = nanos / NANO;
    let unit = 0;
    while (value % 1024n === 0n && unit < BINARY.length - 1) {
      value /= 1024n;
      unit += 1;
    }
    return `${String(value)}${BINARY[unit] ?? ''}`;
  }
  let value = nanos;
  let unit = 0;
  while (value % 1000n === 0n && unit < DECIMAL.length - 1) {
    value /= 1000n;
    unit += 1;
  }
  if (form !== 'exponent') return `${String(value)}${DECIMAL[unit] ?? ''}`;
  return unit === 3 ? String(value) : `${String(value)}e${String((unit - 3) * 3)}`;
}

/** In whole units, rounded up; no more than JavaScript holds exactly. */
export function amountOf(quantity: string | number): number {
  return Math.min(Number(divideUp(parse(quantity).nanos, NANO)), Number.MAX_SAFE_INTEGER);
}
