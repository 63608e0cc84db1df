import { request, type APIRequestContext } from '@playwright/test';
import type { Artifact } from '@hortus/contracts/artifact';
import type { SignedIn } from '@hortus/contracts/auth-api';
import type { CreatedShareLink } from '@hortus/contracts/share-api';
import { demoPassword, type DemoPerson } from './people.ts';

/** The api beside the browser: it sees what stands while the browser is offline, and tidies up. */
export class Api {
  readonly #context: APIRequestContext;
  readonly #headers: Record<string, string>;

  private constructor(context: APIRequestContext, headers: Record<string, string>) {
    this.#context = context;
    this.#headers = headers;
  }

  static async signIn(baseURL: string, person: DemoPerson): Promise<Api> {
    const context = await request.newContext({ baseURL });
    const answer = await context.post('/api/v1/auth/login', {
      data: { email: person.email, password: demoPassword() },
    });
    if (!answer.ok()) throw new Error(`${person.email} can't sign in: ${await answer.text()}`);
    const { accessToken, workspaces } = (await answer.json()) as SignedIn;
    const workspace = workspaces.find(({ slug }) => slug === person.slug);
    if (workspace === undefined) throw new Error(`${person.email} is not a member of ${person.slug}`);
    return new Api(context, { authorization: `Bearer ${accessToken}`, 'hortus-workspace': workspace.id });
  }

  async find(id: string): Promise<Artifact | null> {
    const answer = await this.#context.get(`/api/v1/artifacts/${id}`, { headers: this.#headers });
    return answer.ok() ? ((await answer.json()) as Artifact) : null;
  }

  /** Looks among the newest artifacts. */
  async findByName(name: string): Promise<Artifact | null> {
    const answer = await this.#context.get('/api/v1/artifacts?limit=100', { headers: this.#headers });
    const { items } = (await answer.json()) as { items: Artifact[] };
    return items.find((artifact) => artifact.name === name) ?? null;
  }

  /** What is in the workspace, without what other tests upload meanwhile. */
  async listDemo(): Promise<Artifact[]> {
    const answer = await this.#context.get('/api/v1/artifacts?limit=100', { headers: this.#headers });
    const { items } = (await answer.json()) as { items: Artifact[] };
    return items.filter(({ tags }) => tags.length > 0);
  }

  async rename(artifact: Artifact, name: string): Promise<void> {
    const answer = await this.#context.patch(`/api/v1/artifacts/${artifact.id}`, {
      headers: { ...this.#headers, 'if-match': `"r${String(artifact.revision)}"` },
      data: { name },
    });
    if (!answer.ok()) throw new Error(await answer.text());
  }

  /** Uploads a file that anybody may download. @returns the address of its bytes */
  async shareOriginal(name: string, contentType: string, bytes: Buffer): Promise<string> {
    const headers = this.#headers;
    const created = await this.#context.post('/api/v1/artifacts', { headers, data: { name } });
    const { id } = (await created.json()) as Artifact;
    await this.#context.put(`/api/v1/artifacts/${id}/original`, {
      headers: { ...headers, 'content-type': contentType },
      data: bytes,
    });
    const shared = await this.#context.post('/api/v1/share-links', {
      headers,
      data: { artifactIds: [id], expiresInDays: 1, withOriginals: true },
    });
    if (!shared.ok()) throw new Error(await shared.text());
    const { token } = (await shared.json()) as CreatedShareLink;
    return `/api/v1/shares/${token}/artifacts/${id}/original`;
  }

  async deleteByName(name: string): Promise<void> {
    const artifact = await this.findByName(name);
    if (artifact === null) return;
    await this.#context.delete(`/api/v1/artifacts/${artifact.id}`, { headers: { ...this.#headers, 'if-match': '*' } });
  }

  async close(): Promise<void> {
    await this.#context.dispose();
  }
}
