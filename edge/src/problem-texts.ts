// What each problem means to the person who meets it, and what helps.

import type { ProblemCode } from '@motu/shared/problem.ts'

type Text = { ko: string; en: string }

export const PROBLEM_TEXTS: Readonly<Record<ProblemCode, Text>> = {
  'invalid-request': {
    ko: '요청의 형식이 올바르지 않습니다. errors의 pointer가 가리키는 항목을 고쳐 주세요.',
    en: 'The pointers under errors name the fields to mend.',
  },
  unauthenticated: {
    ko: '유효한 접근 토큰이 필요합니다. 다시 로그인해 주세요.',
    en: 'Sign in, and send the access token as a bearer token.',
  },
  'invalid-credentials': {
    ko: '아이디 또는 비밀번호가 맞지 않습니다.',
    en: 'Check both; nothing says which of them is wrong.',
  },
  'sign-in-refused': {
    ko: '로그인하지 못했습니다. 처음부터 다시 시도해 주세요.',
    en: 'Begin again; what was sent is good once, for a few minutes, in the browser it began in.',
  },
  forbidden: {
    ko: '이 작업을 할 권한이 없습니다.',
    en: 'The token is valid, but not for this.',
  },
  'invitation-needed': {
    ko: '초대받은 사람만 가입할 수 있습니다. 초대 코드를 invite_code로 보내 주세요.',
    en: 'Send the invitation code as invite_code; an account elsewhere is linked afterwards.',
  },
  'not-found': {
    ko: '찾는 것이 없습니다.',
    en: 'Nothing is at this address, or it belongs to someone else.',
  },
  'method-not-allowed': {
    ko: '이 주소는 그 메서드를 받지 않습니다.',
    en: 'The Allow header names the methods this path answers.',
  },
  'username-taken': {
    ko: '이미 쓰이고 있는 아이디입니다.',
    en: 'Choose another user name.',
  },
  'way-in-taken': {
    ko: '이미 다른 계정에 연결되어 있습니다.',
    en: 'Unlink it there first, or sign in with it.',
  },
  'last-way-in': {
    ko: '마지막 로그인 수단은 없앨 수 없습니다. 먼저 다른 수단을 추가해 주세요.',
    en: 'Add a password, a passkey or a linked account first.',
  },
  'too-many-api-keys': {
    ko: '만들 수 있는 API 키를 모두 쓰고 있습니다. 쓰지 않는 키를 폐기해 주세요.',
    en: 'Revoke a key that is no longer used.',
  },
  'too-many-watch-lists': {
    ko: '관심 목록을 더 만들 수 없습니다. 먼저 하나를 지워 주세요.',
    en: 'The detail says how many there may be: delete one first.',
  },
  'too-many-alerts': {
    ko: '가격 알림을 더 등록할 수 없습니다. 먼저 하나를 지워 주세요.',
    en: 'The detail says how many may wait at once: delete one first.',
  },
  'alert-already-met': {
    ko: '현재가가 이미 알림 가격을 지났습니다.',
    en: 'The detail names the last price: put the line on its other side, or turn the condition.',
  },
  'last-admin': {
    ko: '마지막 관리자입니다. 다른 관리자를 먼저 정해 주세요.',
    en: 'Make someone else an admin first.',
  },
  'payload-too-large': {
    ko: '본문이 너무 큽니다.',
    en: 'An order may take 64 KiB, a batch 256 KiB.',
  },
  'unsupported-media-type': {
    ko: '본문은 JSON이어야 합니다.',
    en: 'Send Content-Type: application/json.',
  },
  'unknown-instrument': {
    ko: '상장되지 않은 종목입니다.',
    en: 'GET /api/v1/market/instruments lists what can be traded.',
  },
  'price-off-tick': {
    ko: '호가 단위에 맞지 않는 가격입니다.',
    en: 'The detail names the tick at this price.',
  },
  'quantity-off-lot': {
    ko: '주문 수량 단위에 맞지 않습니다.',
    en: 'The detail names the step of the quantity.',
  },
  'quantity-too-large': {
    ko: '주문 금액이 너무 큽니다.',
    en: 'No account can hold an order of this size.',
  },
  'below-min-notional': {
    ko: '최소 주문 금액보다 작습니다.',
    en: 'The detail names the smallest amount.',
  },
  'time-in-force-refused': {
    ko: '이 시장에서 쓸 수 없는 주문 유효 기간입니다.',
    en: 'Coins know no DAY: use GTC. GTD goes with expire_at; a stop is neither IOC nor FOK.',
  },
  'session-refused': {
    ko: '이 주문은 고른 거래 시간에 낼 수 없습니다.',
    en: 'The detail names the sessions of the venue; outside the regular one only limits are taken.',
  },
  'instrument-delisted': {
    ko: '상장 폐지된 종목입니다.',
    en: 'It trades no longer; its past orders and prices can still be read.',
  },
  'order-contradicts-itself': {
    ko: '주문의 항목들이 서로 맞지 않습니다. errors의 pointer가 가리키는 항목을 고쳐 주세요.',
    en: 'The pointer under errors names the field that does not go with the others.',
  },
  'order-not-working': {
    ko: '이미 끝난 주문이라 정정할 수 없습니다.',
    en: 'It is filled, cancelled, expired or refused: place a new order.',
  },
  'duplicate-mismatch': {
    ko: '같은 주문 번호가 내용이 다른 주문에 이미 쓰였습니다.',
    en: 'Use a new client order id for a new order.',
  },
  'insufficient-funds': {
    ko: '쓸 수 있는 현금이 부족합니다.',
    en: 'What open orders hold cannot be taken.',
  },
  'adjustment-mismatch': {
    ko: '같은 조정 번호가 내용이 다른 조정에 이미 쓰였습니다.',
    en: 'Use a new adjustment id for a new adjustment.',
  },
  'batch-refused': {
    ko: '묶음 주문이 하나도 접수되지 않았습니다.',
    en: 'Each result carries the problem of its order.',
  },
  'rate-limited': {
    ko: '요청이 너무 많습니다. 잠시 뒤에 다시 시도해 주세요.',
    en: 'The Retry-After header says when to try again.',
  },
  internal: {
    ko: '서버에 문제가 생겼습니다. instance의 번호를 알려 주시면 찾아보겠습니다.',
    en: 'The request id under instance finds it in our log.',
  },
  unavailable: {
    ko: '지금은 응답할 수 없습니다. 같은 주문 번호로 다시 시도하면 두 번 접수되지 않습니다.',
    en: 'Try again soon; a retry with the same client order id never places a second order.',
  },
}
