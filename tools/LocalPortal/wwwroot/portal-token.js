// A portal's own token script, as sites have had one before: it takes the shared name for itself and asks the portal's
// own token service.
window.auth = window.auth || {};
window.auth.getAuthenticationToken = function (callback) {
  fetch('/_services/auth/token', { method: 'POST' })
    .then((response) => (response.ok ? response.text() : null))
    .then(callback, () => callback(null));
};
