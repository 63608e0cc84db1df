/*
 * The OpenAPI document as a page that people read: written on the server, without a script, so that it works under the
 * strictest policy and on any device. It knows only what stands in the document.
 */

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
}
interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
}
interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answer>>;
} // prettier-ignore
export interface ApiDocument {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly securitySchemes: Readonly<Record<string, { readonly bearerFormat: string; readonly description: string }>>;
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** Text of a description, in which `…` stands for code. */
function prose(text = ''): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/** The type of a schema in a few words, with a link where it has a name. */
function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `<a href="#shape-${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`;
  if (schema.const !== undefined) return escape(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => escape(String(value))).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  return escape(schema.format ?? schema.type ?? 'any');
}

function writeField(name: string, schema: Schema, isRequired: boolean, description: string | undefined): string {
  const need = isRequired ? '' : ' <span class="optional">optional</span>';
  return `<dt><code>${escape(name)}</code> <span class="type">${typeOf(schema)}</span>${need}</dt><dd>${prose(description)}</dd>`;
}

function writeFields(schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    writeField(name, property, schema.required?.includes(name) ?? false, property.description),
  );
  return fields.length === 0 ? '' : `<dl class="fields">${fields.join('')}</dl>`;
}

function writeExample({ example }: Media): string {
  if (example === undefined) return '';
  const text = typeof example === 'string' ? example : JSON.stringify(example, null, 2);
  return `<details><summary>Example</summary><pre tabindex="0">${escape(text)}</pre></details>`;
}

function writeMedia([type, media]: [string, Media]): string {
  const schema = media.schema ?? {};
  const shape = schema.$ref === undefined ? writeFields(schema) : `<p>${typeOf(schema)}</p>`;
  return `<p class="media">${escape(type)}</p>${shape}${writeExample(media)}`;
}

function writeAnswers({ responses }: Operation): string {
  const good = Object.entries(responses).filter(([, { $ref }]) => $ref === undefined);
  const refused = Object.keys(responses).filter((status) => responses[status]?.$ref !== undefined);
  const answers = good.map(([status, { description, content = {} }]) => {
    const media = Object.entries(content).map(writeMedia).join('');
    return `<dt>${status}</dt><dd>${prose(description)}${media}</dd>`;
  });
  const refusals = `<dt class="refused">Refused</dt><dd><a href="#refusals">${refused.join(', ')}</a></dd>`;
  return `<dl class="answers">${answers.join('')}${refused.length === 0 ? '' : refusals}</dl>`;
}

/** Who may call it, in words. */
function writeSecurity({ security = [] }: Operation): string {
  const names = security.flatMap(Object.keys);
  if (names.length === 0) return 'Anybody.';
  return names.includes('apiToken') ? 'A signed-in person, or an API token.' : 'A signed-in person.';
}

function writeCurl(path: string, method: string, { security = [], requestBody, parameters = [] }: Operation): string {
  const json = requestBody?.content['application/json']?.example;
  const headers = parameters.filter(({ in: where, name }) => where === 'header' && ['hortus-workspace', 'if-match'].includes(name)); // prettier-ignore
  const lines = [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$HORTUS${path.replaceAll(/\{(\w+)\}/g, '$$$1')}"`,
    ...(security.length > 0 ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...headers.map(({ name }) => (name === 'if-match' ? `-H 'If-Match: "3"'` : '-H "Hortus-Workspace: $WORKSPACE"')),
    ...(json === undefined ? [] : [`--json '${JSON.stringify(json).replaceAll("'", "'\\''")}'`]),
  ];
  return `<details><summary>curl</summary><pre tabindex="0">${escape(lines.join(' \\\n  '))}</pre></details>`;
}

function writeOperation(path: string, method: string, operation: Operation): string {
  const { operationId, summary, description, parameters = [], requestBody } = operation;
  const fields = parameters.map((field) => writeField(field.name, field.schema ?? {}, field.required ?? false, `${field.in === 'query' ? '' : `In the ${field.in}. `}${field.description ?? ''}`)); // prettier-ignore
  const body = Object.entries(requestBody?.content ?? {}).map(writeMedia).join(''); // prettier-ignore
  return `<article id="${operationId}">
<h3>${prose(summary)} <a class="self" href="#${operationId}" aria-label="Link to this operation">#</a></h3>
<p class="route"><span class="method ${method}">${method.toUpperCase()}</span> <code>${escape(path).replaceAll('/', '/<wbr>')}</code></p>
${description === undefined ? '' : `<p>${prose(description)}</p>`}<p class="quiet">${writeSecurity(operation)}</p>
${fields.length === 0 ? '' : `<h4>Parameters</h4><dl class="fields">${fields.join('')}</dl>`}
${body === '' ? '' : `<h4>Body</h4>${body}`}
${writeCurl(path, method, operation)}
<h4>Answers</h4>${writeAnswers(operation)}
</article>`;
}

interface Entry {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function byTag(document: ApiDocument): [string, Entry[]][] {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = Map.groupBy(entries, ({ operation }) => operation.tags[0] ?? 'Others');
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function writeRefusals(document: ApiDocument): string {
  const rows = Object.entries(document.components.responses).map(
    ([name, { description }]) =>
      `<dt>${name.replace('Problem', '')}</dt><dd>${prose(description).replaceAll('. <code>', '.<br /><code>')}</dd>`,
  );
  return `<section id="refusals"><h2>Refusals</h2><p>Each is <code>application/problem+json</code>, a
<a href="#shape-Problem">Problem</a>: program against its <code>code</code>, show its <code>detail</code>.</p>
<dl class="answers">${rows.join('')}</dl></section>`;
}

function writeShapes({ components }: ApiDocument): string {
  const shapes = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<article id="shape-${name}"><h3>${name}</h3><p>${prose(schema.description)}</p>${writeFields(schema)}</article>`,
  );
  return `<section id="shapes"><h2>Shapes</h2>${shapes.join('\n')}</section>`;
}

function writeContents(groups: readonly [string, Entry[]][]): string {
  const lists = groups.map(([tag, entries]) => {
    const links = entries.map(({ operation }) => `<li><a href="#${operation.operationId}">${prose(operation.summary)}</a></li>`); // prettier-ignore
    return `<h2>${escape(tag)}</h2><ul>${links.join('')}</ul>`;
  });
  return `${lists.join('')}<h2>Further</h2><ul><li><a href="#refusals">Refusals</a></li><li><a href="#shapes">Shapes</a></li></ul>`;
}

/** @param document where its parts are found: `docs.css` beside it, `openapi.json` as well */
export function writeDocsPage(document: ApiDocument): string {
  const { info, components } = document;
  const groups = byTag(document);
  const sections = groups.map(([tag, entries]) => {
    const operations = entries.map(({ path, method, operation }) => writeOperation(path, method, operation));
    return `<section><h2>${escape(tag)}</h2>${operations.join('\n')}</section>`;
  });
  const schemes = Object.values(components.securitySchemes).map(
    ({ bearerFormat, description }) =>
      `<dt><code>Authorization: Bearer ${escape(bearerFormat)}</code></dt><dd>${prose(description)}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${escape(info.title)} API</title>
<link rel="icon" href="data:," />
<link rel="stylesheet" href="/api/docs/docs.css" />
</head>
<body>
<a class="skip" href="#content">To the operations</a>
<details class="contents" open><summary>Contents</summary><nav aria-label="Operations">${writeContents(groups)}</nav></details>
<main id="content">
<header><h1>${escape(info.title)} API</h1><p>${prose(info.description)}</p>
<p><a href="/api/docs/openapi.json">openapi.json</a></p><dl class="fields">${schemes.join('')}</dl></header>
${sections.join('\n')}
${writeRefusals(document)}
${writeShapes(document)}
</main>
</body>
</html>
`;
}
