/** Benchmarks that need a browser: `scripts/bench.sh reading`. They print figures and judge none. */
import base from './playwright.config.ts';

export default { ...base, testDir: './bench', testMatch: '*.bench.ts', timeout: 600_000, use: { ...base.use, trace: 'off' as const } };
