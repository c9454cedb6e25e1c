// Pure: no I/O, no clock, no randomness.
// Problems (RFC 9457): every refusal a client can meet over HTTP, with its status and title.
// The code is the last segment of the problem's `type`; `GET /problems/{code}` explains it.

export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not well formed' },
  unauthenticated: { status: 401, title: 'A valid access token is required' },
  'invalid-credentials': { status: 401, title: 'The user name or the password is wrong' },
  'sign-in-refused': { status: 401, title: 'The sign-in did not succeed' },
  forbidden: { status: 403, title: 'This caller may not do that' },
  'invitation-needed': { status: 403, title: 'An account needs an invitation code' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The path does not answer this method' },
  'username-taken': { status: 409, title: 'The user name is taken' },
  'way-in-taken': { status: 409, title: 'This way in already belongs to an account' },
  'last-way-in': { status: 409, title: 'This is the last way into the account' },
  'too-many-api-keys': { status: 409, title: 'The account has as many API keys as it may have' },
  'too-many-watch-lists': { status: 409, title: 'There are as many watch lists as there may be' },
  'too-many-alerts': { status: 409, title: 'As many price alerts wait as may wait' },
  'alert-already-met': { status: 409, title: 'The price is already beyond the line of the alert' },
  'last-admin': { status: 409, title: 'This is the last admin' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'unknown-instrument': { status: 422, title: 'No instrument is listed under this ticker id' },
  'price-off-tick': { status: 422, title: 'The price is not on a tick' },
  'quantity-off-lot': { status: 422, title: 'The quantity is not a multiple of the lot' },
  'quantity-too-large': { status: 422, title: 'The order is too large' },
  'below-min-notional': { status: 422, title: 'The order is below the smallest amount' },
  'time-in-force-refused': { status: 422, title: 'The venue does not take this time in force' },
  'session-refused': { status: 422, title: 'The order cannot trade in this session' },
  'instrument-delisted': { status: 422, title: 'The instrument is no longer listed' },
  'order-contradicts-itself': { status: 422, title: 'The fields of the order do not go together' },
  'order-not-working': { status: 409, title: 'The order no longer waits: it cannot be replaced' },
  'duplicate-mismatch': {
    status: 422,
    title: 'The client order id was used for an order of other content',
  },
  'insufficient-funds': { status: 422, title: 'There is not enough free cash' },
  'adjustment-mismatch': {
    status: 422,
    title: 'The adjustment id was used for an adjustment of other content',
  },
  'batch-refused': { status: 422, title: 'No order of the batch was accepted' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something broke on our side' },
  unavailable: { status: 503, title: 'The service cannot answer right now' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof PROBLEMS

/** Marks the field a problem is about: a JSON Pointer as a URI fragment, `#/limit_price`. */
export type FieldProblem = { pointer: string; detail: string }

/** The body of every answer that is not a success: `application/problem+json`. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  errors?: FieldProblem[]
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

type DomainErrorOptions = {
  detail?: string
  errors?: FieldProblem[]
  /** What the answer says besides its body: `Allow`, `Retry-After`. */
  headers?: Readonly<Record<string, string>>
  cause?: unknown
}

/** A refusal on its way to a client. Handlers throw it; the root error hook renders it, once. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: ProblemCode
  readonly errors: FieldProblem[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, options: DomainErrorOptions = {}) {
    super(options.detail ?? PROBLEMS[code].title, { cause: options.cause })
    this.code = code
    this.errors = options.errors
    this.headers = options.headers ?? {}
  }
}

export type ProblemContext = { origin: string; requestId: string }

/** A refusal as its RFC 9457 body. `origin` makes `type` absolute; the request id is in the logs. */
export function problemOf(error: DomainError, context: ProblemContext): Problem {
  const { status, title } = PROBLEMS[error.code]
  return {
    type: `${context.origin}/problems/${error.code}`,
    title,
    status,
    detail: error.message,
    instance: `/requests/${context.requestId}`,
    ...(error.errors ? { errors: error.errors } : {}),
  }
}
