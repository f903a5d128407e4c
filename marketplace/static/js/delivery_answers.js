"use strict";
/* What the site has answered since it made the list: a list that is opened anew without network is as old as its making,
   and shows this besides. Ids, numbers and what is typed, no names; both moments are the site's own. */
(() => {
  const TOO_OLD_MS = 7 * 24 * 3600 * 1000;

  window.deliveryAnswers = (keep, made) => {
    const storage = window.localStorage;
    const put = (name, at, what) => storage.setItem(`${keep}done.${name}`, JSON.stringify({ ...what, at }));

    Object.keys(storage).forEach((name) => {
      if (!/delivery\.\d+\.\d+\.\d+\.done\./.test(name)) return;
      const { at } = JSON.parse(storage.getItem(name));
      if (at <= (name.startsWith(keep) ? made : Date.now() - TOO_OLD_MS)) storage.removeItem(name);
    });
    const all = () => Object.keys(storage).filter((name) => name.startsWith(`${keep}done.`))
      .map((name) => JSON.parse(storage.getItem(name)));
    return {
      line: ({ kind, basket, product }, { now, typed }, at) =>
        put(`${kind}.${basket}.${product}`, at, { kind, basket, product, now, typed }),
      hand: (basket, sums, at) => put(`basket.${basket}`, at, { basket, sums }),
      all,
    };
  };
})();
