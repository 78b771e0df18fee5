/** Measures one way of pricing in a process of its own, forked by quote.js: node dist/test/bench/quote-way.js NAME MS */
import { EXAMPLES, WAYS } from './quote-ways.js';
import { perSecond } from './rounds.js';

const [name = '', ms = ''] = process.argv.slice(2);
const way = WAYS[name] ?? EXAMPLES[name];
if (way !== undefined) process.send?.(await perSecond(way(), Number(ms)));
