// Holds documents against a schema: node validate.mjs SCHEMA-FILE, one JSON document a line on stdin. Prints true or
// false for each.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const schema = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
const documents = readFileSync(0, 'utf8').trimEnd().split('\n');
process.stdout.write(documents.map((document) => validate(JSON.parse(document))).join('\n'));
