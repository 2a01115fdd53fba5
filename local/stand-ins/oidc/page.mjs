// The one page of the identity provider.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** Asks who somebody is; `problems` say what was wrong with what they typed. */
export function signInPage({ uid, email = "", name = "", problems = [] }) {
  return page(`
    <h1>Who are you?</h1>
    <p>A stand-in for an identity provider, on this machine. It believes whatever you say and asks for no password.</p>
    ${problems.map((problem) => `<p role="alert">${escaped(problem)}</p>`).join("\n    ")}
    <form method="post" action="/sign-in/${escaped(uid)}">
      <label>Email address <input name="email" type="email" required autofocus value="${escaped(email)}"></label>
      <label>Name <input name="name" required maxlength="200" value="${escaped(name)}"></label>
      <button>Sign in</button>
    </form>`);
}

/** Shown to who comes without having been sent, or too late. */
export function expiredPage() {
  return page(`
    <h1>This sign-in is over</h1>
    <p>It has taken too long, or another browser began it. Go back to the application and sign in again.</p>`);
}

function page(content) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Identity provider (stand-in)</title>
    <style>
      body { font: 1rem/1.5 system-ui; max-width: 26rem; margin: 4rem auto; padding: 0 1rem; }
      label, input { display: block; width: 100%; box-sizing: border-box; }
      input { font: inherit; padding: 0.4rem; margin-bottom: 1rem; }
      button { font: inherit; padding: 0.4rem 1.2rem; }
      [role="alert"] { color: #a00; }
    </style>
  </head>
  <body>${content}
  </body>
</html>
`;
}
