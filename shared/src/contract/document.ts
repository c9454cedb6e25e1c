// The contract, written for machines: OpenAPI 3.1, made from the declarations of the routes.

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { jsonAnswer, problemAnswers } from './answers.ts'

export const documentRoute = createRoute({
  method: 'get',
  path: '/api/v1/openapi.json',
  summary: 'This document',
  ...access('anyone'),
  responses: {
    200: jsonAnswer(z.looseObject({ openapi: z.string() }), 'OpenAPI 3.1'),
    ...problemAnswers,
  },
})
