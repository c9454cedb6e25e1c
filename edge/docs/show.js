// Shows the contract of this edge; requests are tried out against it, and nothing is sent elsewhere.

window.SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  // A badge from another host.
  validatorUrl: null,
})
