import { Type, type Static, type TObject, type TProperties } from 'typebox';
import { Value } from 'typebox/value';

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Tail>>}`
  : Lowercase<Name>;

type WithoutPrefix<Name extends string> = Name extends `HORTUS_${infer Rest}` ? Rest : Name;

/** `HORTUS_UPLOAD_MAX_BYTES` becomes `uploadMaxBytes`. */
export type Config<Schema extends TObject> = {
  readonly [Name in keyof Static<Schema> as Camel<WithoutPrefix<Name & string>>]: Static<Schema>[Name];
};

/** A variable that is missing, malformed or unknown: the message names each, its expected form, and where it is documented. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

function camel(name: string): string {
  return name
    .replace(/^HORTUS_/, '')
    .toLowerCase()
    .replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

interface VariableSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
}

function expectedForm(schema: VariableSchema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.type === 'integer') {
    const { minimum, maximum } = schema;
    if (minimum !== undefined && maximum !== undefined)
      return `a whole number from ${String(minimum)} to ${String(maximum)}`;
    if (minimum !== undefined) return `a whole number of ${String(minimum)} or more`;
    return maximum === undefined ? 'a whole number' : `a whole number of ${String(maximum)} or less`;
  }
  if (schema.type === 'boolean') return 'true or false';
  const { minLength = 0, pattern } = schema;
  const length = minLength > 1 ? ` of ${String(minLength)} characters or more` : '';
  return `a text${length}${pattern === undefined ? '' : ` that matches ${pattern}`}`;
}

/** What the text of a variable stands for, by the type that the schema names; the text itself where it is no such thing. */
function parse(text: string, schema: VariableSchema): unknown {
  if (schema.type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/**
 * Reads a program's variables once. The keys of the schema are the names of the variables; an empty variable counts as
 * absent. A `HORTUS_…` variable that the schema does not name is refused, so that a typing error never goes unseen.
 *
 * @param documentation the file that explains the variables, named in every message
 * @throws ConfigError naming every variable at fault; a value is never repeated, since it may be a secret
 */
export function readConfig<Properties extends TProperties>(
  schema: TObject<Properties>,
  env: Readonly<Record<string, string | undefined>>,
  documentation: string,
): Config<TObject<Properties>> {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  const properties = schema.properties as Record<string, VariableSchema>;
  const required: readonly string[] = (schema as { required?: readonly string[] }).required ?? [];
  for (const [name, variable] of Object.entries(properties)) {
    const text = env[name] === '' ? undefined : env[name];
    if (text === undefined) {
      if (variable.default !== undefined) config[camel(name)] = variable.default;
      else if (required.includes(name)) {
        faults.push(`${name} is not set; it must be ${expectedForm(variable)} (${variable.description ?? ''})`);
      }
      continue;
    }
    const value = parse(text, variable);
    if (Value.Check(variable as Parameters<typeof Value.Check>[0], value)) config[camel(name)] = value;
    else faults.push(`${name} must be ${expectedForm(variable)} (${variable.description ?? ''})`);
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith('HORTUS_') && !(name in properties)) faults.push(`${name} is not a variable of this program`);
  }
  if (faults.length > 0) {
    throw new ConfigError(`The configuration is not usable. ${faults.join('. ')}. See ${documentation}.`);
  }
  return Object.freeze(config) as Config<TObject<Properties>>;
}

/** The variables that every program has. */
export const ServiceVariables = {
  HORTUS_HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on; default 127.0.0.1' }),
  HORTUS_LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'Least severe level that is logged; default info',
  }),
  HORTUS_SHUTDOWN_TIMEOUT_MS: Type.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 20_000,
    description: 'How long a shutdown may take before the program gives up on it, in milliseconds; default 20000',
  }),
};

export function Port(fallback: number, description: string): ReturnType<typeof Type.Integer> {
  return Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: fallback,
    description: `${description}; 0 takes any free port; default ${String(fallback)}`,
  });
}
