import type { TSchema } from 'typebox';

/** A schema as `apiextensions.k8s.io/v1` takes it (structural: one type for each value, nothing that two schemas say together). */
export type StructuralSchema = Readonly<Record<string, unknown>>;

/** What is printed as it stands, by type. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required'],
  array: ['items', 'minItems', 'maxItems', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys'],
  string: ['minLength', 'maxLength', 'pattern', 'enum', 'format'],
  integer: ['minimum', 'maximum', 'format'],
  boolean: [],
};
const ANYWHERE = ['type', 'description', 'default', 'x-kubernetes-validations'];
const FORMATS = ['date-time', 'int32', 'int64'];
const INT_OR_STRING = 'x-kubernetes-int-or-string';

/**
 * The schema in the words of a CRD.
 *
 * @param path named in errors, such as `spec.quota`
 * @throws Error where the schema says something that a structural schema can't say, or says nothing of a field
 */
export function toStructural(schema: TSchema, path: string): StructuralSchema {
  const given = Object.fromEntries(Object.entries(schema)) as Record<string, unknown>;
  const fail = (what: string): never => {
    throw new Error(`${path} can't be printed as a structural schema: ${what}`);
  };
  if (typeof given['description'] !== 'string' || given['description'].trim() === '') fail('it has no description');
  if (given[INT_OR_STRING] === true) return onlyKnown(given, [...ANYWHERE, INT_OR_STRING, 'anyOf', 'maxLength'], fail);
  const type = given['type'];
  const own = typeof type === 'string' && Object.hasOwn(KEYWORDS, type) ? KEYWORDS[type] : undefined;
  if (own === undefined) return fail(`its type is ${JSON.stringify(type)}, where one of ${Object.keys(KEYWORDS).join(', ')} is needed`); // prettier-ignore
  const { additionalProperties, ...rest } = given;
  // Closed: the API server drops what a schema does not name, and `kubectl apply` refuses it.
  if (type === 'object' && additionalProperties !== false)
    fail('an object must be closed (additionalProperties: false)');
  const { format } = given;
  if (format !== undefined && !FORMATS.some((known) => known === format)) {
    fail(`the API server does not look at the format ${JSON.stringify(format)}`);
  }
  const printed = { ...onlyKnown(rest, [...ANYWHERE, ...own], fail) };
  if (type === 'object') {
    const properties = Object.entries((given['properties'] ?? {}) as Record<string, TSchema>);
    printed['properties'] = Object.fromEntries(
      properties.map(([name, property]) => [name, toStructural(property, `${path}.${name}`)]),
    );
  }
  if (type === 'array') printed['items'] = toStructural(given['items'] as TSchema, `${path}[]`);
  return printed;
}

function onlyKnown(
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
  fail: (what: string) => never,
): Record<string, unknown> {
  const unknown = Object.keys(given).filter((keyword) => !known.includes(keyword));
  if (unknown.length > 0) fail(`${unknown.join(', ')} is not known there`);
  return { ...given };
}
