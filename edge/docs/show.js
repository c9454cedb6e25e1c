// Shows the contract of this edge; requests are tried out against it, and nothing is sent elsewhere.

/** The library leaves out a level of headings: the list of calls gets one of its own. */
const HeadedOperations = (Operations, { React }) =>
  function Headed(props) {
    const heading = React.createElement('h2', { className: 'calls' }, 'Calls')
    return React.createElement('div', null, heading, React.createElement(Operations, props))
  }

/** What stands before the calls is a part of the page with a name. */
const NamedInfo = (Info, { React }) =>
  function Named(props) {
    const info = React.createElement(Info, props)
    return React.createElement('section', { 'aria-label': 'About' }, info)
  }

/** A list of servers without a name, of one: this edge. */
const NoServers = () => () => null

window.SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#api',
  // A link inside the button that opens a call could be reached by no keyboard.
  deepLinking: false,
  defaultModelsExpandDepth: -1,
  // A badge from another host.
  validatorUrl: null,
  plugins: [
    {
      wrapComponents: {
        InfoContainer: NamedInfo,
        ServersContainer: NoServers,
        operations: HeadedOperations,
      },
    },
  ],
})
