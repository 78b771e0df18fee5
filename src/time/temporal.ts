/** The only import of the polyfill: once every supported Node has Temporal built in, this file goes. */
export { Temporal } from 'temporal-polyfill';
