// Checks an OpenAPI document by the recommended rules of Redocly: node lint.mjs FILE
// One line for each complaint; nothing if there is none.
import { createConfig, lint } from '@redocly/openapi-core';

const config = await createConfig({ extends: ['recommended'] });
for (const problem of await lint({ ref: process.argv[2], config })) {
  console.log(problem.severity, problem.ruleId, problem.location[0]?.pointer, problem.message.replaceAll('\n', ' '));
}
