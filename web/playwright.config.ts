import { defineConfig } from '@playwright/test';

const { CHROMIUM, HORTUS_E2E_URL } = process.env;

/** The browser tests run against a product that is up: `HORTUS_E2E_URL`, with the demo seeded. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/runs',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // AVIF of one picture takes seconds of a whole core, and the gardener has other pictures too.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  // The main job goes on while the demo is still being made, as it does for a user; pages that must stand still wait for it.
  projects: [
    { name: 'meanwhile', testMatch: ['main-job.e2e.ts', 'trouble.e2e.ts', 'foreign-script.e2e.ts'] },
    { name: 'demo', testMatch: 'demo.setup.ts' },
    { name: 'settled', testMatch: ['looks.e2e.ts', 'workspace.e2e.ts'], dependencies: ['demo'] },
  ],
  reporter: [['list']],
  use: {
    baseURL: HORTUS_E2E_URL ?? 'http://localhost:8080',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
