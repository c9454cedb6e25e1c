// Every public route of the API. Edge and home let in by what is declared here, the OpenAPI document
// is made from it, and the matrix test calls each of them: a route that is not listed does not exist.

import type { RouteConfig } from '@hono/zod-openapi'
import type { Access } from './access.ts'
import {
  adjustRoute,
  changeRoleRoute,
  disableUserRoute,
  enableUserRoute,
  listAuditRoute,
  listUsersRoute,
} from './admin.ts'
import {
  createApiKeyRoute,
  listApiKeysRoute,
  revokeApiKeyRoute,
  rotateApiKeyRoute,
} from './api-keys.ts'
import {
  changePasswordRoute,
  changeProfileRoute,
  meRoute,
  refreshRoute,
  registerRoute,
  signInRoute,
  signOutRoute,
} from './auth.ts'
import { createLinkCodeRoute, endChannelLinkRoute, listChannelLinksRoute } from './channel-links.ts'
import { listCorporateActionsRoute, recordCorporateActionRoute } from './corporate-actions.ts'
import {
  deleteCredentialsRoute,
  getCredentialsRoute,
  listCredentialsRoute,
  putCredentialsRoute,
} from './credentials.ts'
import { listDeadLettersRoute } from './dead-letters.ts'
import {
  listDeliveriesRoute,
  listDeliveryPlacesRoute,
  retryDeliveryRoute,
  switchOnPlaceRoute,
} from './deliveries.ts'
import { documentRoute } from './document.ts'
import { listOwnFillsRoute } from './fills.ts'
import {
  deleteOverrideRoute,
  getCalendarRoute,
  getClockRoute,
  listOverridesRoute,
  putOverrideRoute,
} from './market-calendar.ts'
import { getMarketDayRoute, listMoversRoute } from './market-day.ts'
import {
  getQuoteRoute,
  listCandlesRoute,
  listInstrumentsRoute,
  listQuotesRoute,
  listReferencesRoute,
} from './market.ts'
import {
  getMessageTemplateRoute,
  listMessageTemplatesRoute,
  putMessageTemplateRoute,
} from './message-templates.ts'
import {
  getNotificationSettingsRoute,
  putNotificationSettingsRoute,
} from './notification-settings.ts'
import {
  linkOidcRoute,
  listIdentitiesRoute,
  listProvidersRoute,
  oidcCallbackRoute,
  startOidcRoute,
  unlinkIdentityRoute,
} from './oidc.ts'
import { testOrderRoute } from './order-test.ts'
import {
  cancelOrderRoute,
  getOrderRoute,
  listFillsRoute,
  listOrdersRoute,
  placeBatchRoute,
  placeOrderRoute,
  replaceOrderRoute,
} from './orders.ts'
import {
  addPasskeyRoute,
  listPasskeysRoute,
  passkeyOptionsRoute,
  passkeySignInOptionsRoute,
  passkeySignInRoute,
  removePasskeyRoute,
} from './passkeys.ts'
import { ledgerRoute, netWorthHistoryRoute, realizedRoute } from './performance.ts'
import { portfolioRoute } from './portfolio.ts'
import { getPreferencesRoute, putPreferencesRoute } from './preferences.ts'
import { deleteAlertRoute, listAlertsRoute, putAlertRoute } from './price-alerts.ts'
import { addPushDeviceRoute, listPushDevicesRoute, removePushDeviceRoute } from './push.ts'
import { rankingRoute } from './ranking.ts'
import { getReceiptRoute } from './receipt.ts'
import { getReportRoute, listReportsRoute } from './reports.ts'
import {
  endOtherSessionsRoute,
  endSessionRoute,
  listNoticesRoute,
  listSessionsRoute,
  readNoticeRoute,
} from './sessions.ts'
import { statusRoute } from './status.ts'
import { deleteWatchListRoute, listWatchListsRoute, putWatchListRoute } from './watch-lists.ts'

export type PublicRoute = RouteConfig & { 'x-motu-access': Access }

export const ROUTES: readonly PublicRoute[] = [
  statusRoute,
  documentRoute,

  registerRoute,
  signInRoute,
  refreshRoute,
  signOutRoute,
  meRoute,
  changeProfileRoute,
  changePasswordRoute,
  listNoticesRoute,
  readNoticeRoute,
  getPreferencesRoute,
  putPreferencesRoute,
  getNotificationSettingsRoute,
  putNotificationSettingsRoute,
  listPushDevicesRoute,
  addPushDeviceRoute,
  removePushDeviceRoute,
  listSessionsRoute,
  endSessionRoute,
  endOtherSessionsRoute,

  listProvidersRoute,
  startOidcRoute,
  oidcCallbackRoute,
  linkOidcRoute,
  listIdentitiesRoute,
  unlinkIdentityRoute,

  passkeySignInOptionsRoute,
  passkeySignInRoute,
  passkeyOptionsRoute,
  addPasskeyRoute,
  listPasskeysRoute,
  removePasskeyRoute,

  listChannelLinksRoute,
  createLinkCodeRoute,
  endChannelLinkRoute,

  listCorporateActionsRoute,
  listInstrumentsRoute,
  getQuoteRoute,
  listQuotesRoute,
  listCandlesRoute,
  getMarketDayRoute,
  listMoversRoute,
  listReferencesRoute,
  getCalendarRoute,
  getClockRoute,

  placeOrderRoute,
  placeBatchRoute,
  replaceOrderRoute,
  cancelOrderRoute,
  getOrderRoute,
  listOrdersRoute,
  listFillsRoute,
  listOwnFillsRoute,
  getReceiptRoute,
  testOrderRoute,
  portfolioRoute,
  netWorthHistoryRoute,
  realizedRoute,
  ledgerRoute,
  rankingRoute,
  listReportsRoute,
  getReportRoute,

  listWatchListsRoute,
  putWatchListRoute,
  deleteWatchListRoute,
  listAlertsRoute,
  putAlertRoute,
  deleteAlertRoute,

  createApiKeyRoute,
  listApiKeysRoute,
  rotateApiKeyRoute,
  revokeApiKeyRoute,

  listCredentialsRoute,
  getCredentialsRoute,
  putCredentialsRoute,
  deleteCredentialsRoute,

  listUsersRoute,
  disableUserRoute,
  enableUserRoute,
  changeRoleRoute,
  adjustRoute,
  recordCorporateActionRoute,
  listAuditRoute,
  listDeadLettersRoute,
  listOverridesRoute,
  putOverrideRoute,
  deleteOverrideRoute,
  listMessageTemplatesRoute,
  getMessageTemplateRoute,
  putMessageTemplateRoute,
  listDeliveriesRoute,
  retryDeliveryRoute,
  listDeliveryPlacesRoute,
  switchOnPlaceRoute,
]

/** The route of a request, or the methods its path answers instead; null for an unknown path. */
export type RouteMatch = { route: PublicRoute } | { allow: readonly string[] } | null

/** Paths without parameters are found at once; the others are few for each number of segments. */
const byPath = new Map<string, PublicRoute[]>()
const bySegmentCount = new Map<number, { template: readonly string[]; route: PublicRoute }[]>()

for (const route of ROUTES) {
  const template = route.path.split('/')
  if (route.path.includes('{')) addTo(bySegmentCount, template.length, { template, route })
  else addTo(byPath, route.path, route)
}

/**
 * Finds the route of a method and a path (without query). A path answers HEAD where it answers GET,
 * and an address without parameters wins over one with.
 */
export function routeOf(method: string, path: string): RouteMatch {
  const wanted = method === 'HEAD' ? 'get' : method.toLowerCase()
  const candidates = routesAt(path)
  const route = candidates.find((candidate) => candidate.method === wanted)
  if (route) return { route }
  return candidates.length === 0 ? null : { allow: methodsOf(candidates) }
}

function routesAt(path: string): PublicRoute[] {
  const exact = byPath.get(path) ?? []
  const segments = path.split('/')
  const templates = bySegmentCount.get(segments.length) ?? []
  const matching = templates.filter(({ template }) => isMatch(template, segments))
  return [...exact, ...matching.map(({ route }) => route)]
}

/** Whoever reads the address as a URL takes these out of it: nothing is called so. */
const NO_VALUE = /^(?:\.|%2e){0,2}$/i

function isMatch(template: readonly string[], segments: readonly string[]): boolean {
  return template.every((part, index) =>
    part.startsWith('{') ? !NO_VALUE.test(segments[index]!) : part === segments[index],
  )
}

function methodsOf(routes: readonly PublicRoute[]): string[] {
  const methods = new Set(routes.map(({ method }) => method.toUpperCase()))
  if (methods.has('GET')) methods.add('HEAD')
  return [...methods].sort()
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
