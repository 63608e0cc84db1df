/** The parts of a request that stand in its address. */
export interface AddressParts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly querystring?: Readonly<Record<string, unknown>>;
}

/**
 * Fills the `:name` parameters of an endpoint's path and appends its query. Absent and undefined query values are left
 * out; a list is repeated (`tag=a&tag=b`). Throws where a parameter is missing, since that is a mistake in our code.
 */
export function requestUrl(template: string, parts: AddressParts): string {
  const path = template.replace(/:([A-Za-z]+)/g, (_match, name: string) => {
    const value = parts.params?.[name];
    if (value === undefined) throw new Error(`The address ${template} needs the parameter ${name}`);
    return encodeURIComponent(asText(value));
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.querystring ?? {})) {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (each !== undefined) query.append(name, asText(each));
    }
  }
  const queryText = query.toString();
  return queryText === '' ? path : `${path}?${queryText}`;
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error('An address takes texts, numbers and truth values only');
}
