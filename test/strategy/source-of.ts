import assert from 'node:assert/strict';
import { readSource } from '../../src/strategy/source/read-source.js';
import type { SourceNode } from '../../src/strategy/source/source.js';

/** The tree of a YAML or JSON text whose syntax is right. */
export function sourceOf(text: string): SourceNode {
  const { root, faults } = readSource({ name: 'test.yaml', text });
  assert.ok(root !== undefined, `${text}\n${faults.map((fault) => fault.message).join('\n')}`);
  return root;
}
