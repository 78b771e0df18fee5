import type { Adapter } from './adapter.js';
import { jsonRulesEngine } from './json-rules-engine.js';
import { compiled, reference } from './ratebook.js';

/** Engines that are shown for comparison; what they fail is told and no more. */
export const OTHERS: readonly Adapter[] = [jsonRulesEngine];

/** Engines that have to pass everything. */
export const OURS: readonly Adapter[] = [reference, compiled];
