import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { DEMO_WORKSPACES } from './demo-artifacts.ts';
import { canWrite } from './herbarium/lettering.ts';

const ALL = DEMO_WORKSPACES.flatMap(({ artifacts }) => artifacts);

describe('DEMO_WORKSPACES', () => {
  it('holds two workspaces of at least 24 artifacts', () => {
    expect(DEMO_WORKSPACES.map(({ slug }) => slug)).toEqual(['acme-corp', 'umbrella-inc']);
    for (const { artifacts } of DEMO_WORKSPACES) {
      expect(artifacts.filter((artifact) => 'plate' in artifact).length).toBeGreaterThanOrEqual(24);
    }
  });

  it('uses every key and every name once in a workspace, and keys that are slugs', () => {
    for (const { artifacts } of DEMO_WORKSPACES) {
      expect(new Set(artifacts.map(({ key }) => key)).size).toBe(artifacts.length);
      expect(new Set(artifacts.map(({ name }) => name)).size).toBe(artifacts.length);
      for (const { key } of artifacts) expect(key).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    }
  });

  it('keeps names, descriptions and tags within the limits of an artifact', () => {
    for (const { name, description, tags } of ALL) {
      expect(name.length).toBeGreaterThan(3);
      expect(name.length).toBeLessThanOrEqual(200);
      expect(description.length).toBeGreaterThan(40);
      expect(description.length).toBeLessThanOrEqual(400);
      expect(tags.length).toBeGreaterThanOrEqual(2);
      expect(tags.length).toBeLessThanOrEqual(5);
      expect(new Set(tags).size).toBe(tags.length);
      for (const tag of tags) expect(tag).toMatch(/^[a-z][a-z-]{1,49}$/);
    }
  });

  it('gives every artifact a description of its own', () => {
    expect(new Set(ALL.map(({ description }) => description)).size).toBe(ALL.length);
  });

  it('uses every tag more than once, so that filtering by it is worth it', () => {
    const counts = new Map<string, number>();
    for (const { tags } of ALL) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count === 1)).toEqual([]);
  });

  it('gives every artifact metadata of text and numbers', () => {
    for (const { metadata } of ALL) {
      expect(Object.keys(metadata).length).toBeGreaterThan(1);
      for (const value of Object.values(metadata)) expect(['string', 'number']).toContain(typeof value);
    }
  });

  it('writes on its sheets only what the lettering can write', () => {
    for (const artifact of ALL) {
      if (!('plate' in artifact)) continue;
      const { house, title, latin = '', lines, number } = artifact.plate.label;
      for (const text of [house.toUpperCase(), title, title.toUpperCase(), latin, ...lines, number]) {
        if (!canWrite(text)) throw new Error(`${artifact.key}: "${text}" cannot be written`);
      }
    }
  });

  it('draws each plate from a seed of its own', () => {
    const seeds = ALL.flatMap((artifact) => ('plate' in artifact ? [artifact.plate.seed] : []));
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('has every photograph, credited in the folder and in the artifact', () => {
    const folder = new URL('./photographs/', import.meta.url);
    const licences = readFileSync(new URL('LICENSES.md', folder), 'utf8');
    for (const artifact of ALL) {
      if (!('photograph' in artifact)) continue;
      expect(existsSync(fileURLToPath(new URL(artifact.photograph.fileName, folder)))).toBe(true);
      expect(licences).toContain(artifact.photograph.fileName);
      expect(artifact.metadata['licence']).toBe('CC BY 2.0');
      expect(artifact.description).toContain('CC BY 2.0');
    }
  });

  it('has text in its text files', () => {
    for (const artifact of ALL) {
      if (!('file' in artifact)) continue;
      expect(artifact.file.text.endsWith('\n')).toBe(true);
      expect(artifact.file.contentType).toMatch(/^text\/(plain|csv)$/);
    }
  });
});
