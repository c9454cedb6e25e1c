// The OpenAPI document, made from the declarations that edge and home enforce: it cannot say anything
// else than they do.

import { OpenAPIHono } from '@hono/zod-openapi'
import { API_KEY_SCHEME, BEARER_SCHEME } from '@motu/shared/contract/access.ts'
import { signInRoute } from '@motu/shared/contract/auth.ts'
import { type PublicRoute, ROUTES } from '@motu/shared/contract/routes.ts'

const DESCRIPTION = `Paper trading with virtual won: Korean stocks, US stocks and coins.

Sign in at \`POST ${signInRoute.path}\` and send the access token as \`Authorization: Bearer …\`, or make
an API key and send it as \`X-API-Key\`. Decimals are strings, instants ISO 8601 in UTC. What is refused
is a problem (RFC 9457). Answers carry \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\`;
a 429 also \`Retry-After\`.`

/** A form of OAuth2 that pages and tools know how to fill in: another way to the bearer token. */
const PASSWORD_SCHEME = 'OAuth2Password'

/** The document as JSON. Made once per isolate: it takes some milliseconds. */
export function openApiText(version: string): string {
  text ??= JSON.stringify(makeDocument(version))
  return text
}

let text: string | null = null

function makeDocument(version: string): object {
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono()
  openAPIRegistry.registerComponent('securitySchemes', BEARER_SCHEME, {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  })
  openAPIRegistry.registerComponent('securitySchemes', API_KEY_SCHEME, {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
  })
  openAPIRegistry.registerComponent('securitySchemes', PASSWORD_SCHEME, {
    type: 'oauth2',
    description: 'Signs in and sends the access token as a bearer token.',
    flows: { password: { tokenUrl: signInRoute.path, scopes: {} } },
  })
  for (const route of ROUTES) openAPIRegistry.registerPath(withPassword(route))
  return getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Motu', version, description: DESCRIPTION, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
  })
}

function withPassword(route: PublicRoute): PublicRoute {
  const security = route.security ?? []
  const isSigned = security.some((scheme) => BEARER_SCHEME in scheme)
  return isSigned ? { ...route, security: [...security, { [PASSWORD_SCHEME]: [] }] } : route
}
