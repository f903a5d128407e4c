"use strict";
/* Maps of the territory, on Leaflet and leaflet.markercluster; contracts in docs/design.md, "Map".
   The ground is the boundaries of comuni and provinces, not tiles. All text is written as text, never as HTML. */
(() => {
  if (!window.L) return;
  const MOST_ZOOM = 15;
  const LEAST_ZOOM = 5;
  const NAMES_FROM_ZOOM = 11;
  const HOME = { centre: [45.75, 9.83], zoom: 9 }; // the province of Bergamo, where there is nothing else to show
  const NEIGHBOURHOOD_DEGREES = 1; // a supplier from far away must not zoom everybody else out of sight
  const WIDE = window.matchMedia("(min-width: 992px)");
  const CALM = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const NUMBER = new Intl.NumberFormat(document.documentElement.lang || "it", { maximumFractionDigits: 1 });
  const SVG = "http://www.w3.org/2000/svg";
  const KINDS = new Set(["producer", "buying_group", "consumer_coop", "caterer", "local_authority", "school",
    "inter_municipal", "network"]);
  const GROUND = { color: "#a9b3a2", weight: 1, fillColor: "#f7f8f3", fillOpacity: 1 };
  const PROVINCE = { color: "#6f7c69", weight: 2, fillColor: "#f7f8f3", fillOpacity: 0.6, interactive: false };
  const AREA = { color: "#8f3015", weight: 2, dashArray: "6 4", fillColor: "#e7ad3c", fillOpacity: 0.18, interactive: false };

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Leaflet writes credits as HTML
  const escaped = (text) => element("span", "", text || "").innerHTML;

  function glyph(iconsUrl, name) {
    const svg = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${iconsUrl}#${/^[a-z0-9-]+$/.test(name || "") ? name : "people"}`);
    svg.append(use);
    return svg;
  }

  // The foot of a pin is its lower left corner.
  function pin(className, content, size = 34) {
    const shape = element("span", "pin-shape");
    shape.append(...content);
    return L.divIcon({ className: `pin ${className}`, html: shape, iconSize: [size, size], iconAnchor: [2, size - 2], popupAnchor: [size / 2 - 2, 4 - size] });
  }

  /* Where one searches from: a ring that hides nobody who stands there. */
  const target = () => L.divIcon({ className: "pin-target", html: element("span"), iconSize: [44, 44] });

  function named(marker, name) {
    marker.on("add", () => {
      const made = marker.getElement();
      if (made) made.setAttribute("aria-label", name);
    });
    return marker;
  }

  const read = (script) => {
    try { return script ? JSON.parse(script.textContent) : null; } catch { return null; }
  };

  async function fetchJson(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  class TerritoryMap {
    constructor(block) {
      this.block = block;
      this.words = block.dataset;
      this.canvas = block.querySelector(".map-canvas");
      this.canvas.replaceChildren();
      this.canvas.setAttribute("role", "region");
      this.canvas.setAttribute("aria-label", this.words.label || "");
      this.map = L.map(this.canvas, {
        minZoom: LEAST_ZOOM, maxZoom: MOST_ZOOM, zoomControl: false, attributionControl: false,
        scrollWheelZoom: false, zoomAnimation: !CALM, fadeAnimation: !CALM, markerZoomAnimation: !CALM, inertia: !CALM,
      }).setView(HOME.centre, HOME.zoom);
      L.control.zoom({ zoomInTitle: this.words.zoomIn, zoomOutTitle: this.words.zoomOut }).addTo(this.map);
      const credits = L.control.attribution({ prefix: "Leaflet" }).addTo(this.map);
      credits.addAttribution(escaped(this.words.credit));
      this.tiles = this.words.tileUrl ? L.tileLayer(this.words.tileUrl, { maxZoom: MOST_ZOOM }).addTo(this.map) : null;
      if (this.tiles) credits.addAttribution(escaped(this.words.tileCredit));
      // the wheel scrolls the page until the map is in use
      this.map.on("focus click", () => this.map.scrollWheelZoom.enable());
      this.map.on("blur", () => this.map.scrollWheelZoom.disable());
      this.renderer = L.canvas({ padding: 0.4 });
      this.names = L.layerGroup().addTo(this.map);
      this.ground = null;
      this.map.on("moveend", () => this.showNames());
      new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(this.canvas);
      this.whenSeen(() => this.loadGround());
    }

    /* Boundaries weigh more than all the rest: they are fetched when the map comes into sight. */
    whenSeen(action) {
      const seen = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.disconnect();
        action();
      }, { rootMargin: "200px" });
      seen.observe(this.canvas);
    }

    async loadGround() {
      try {
        const [province, comuni] = await Promise.all([fetchJson(this.words.provinceUrl), fetchJson(this.words.comuniUrl)]);
        if (!this.tiles) L.geoJSON(province, { style: PROVINCE, renderer: this.renderer }).addTo(this.map).bringToBack();
        this.ground = L.geoJSON(comuni, {
          style: this.tiles ? { ...GROUND, fillOpacity: 0 } : GROUND,
          renderer: this.renderer,
          onEachFeature: (feature, layer) => {
            layer.comune = String(feature.properties.name || "");
            layer.bindTooltip(() => element("span", "", layer.comune), { sticky: true, opacity: 1 });
          },
        }).addTo(this.map);
        L.geoJSON(province, { style: { ...PROVINCE, fill: false }, renderer: this.renderer }).addTo(this.map);
        this.showNames();
      } catch {
        this.canvas.append(element("p", "map-fallback", this.words.failed));
      }
    }

    /* Names of the comuni in sight, from a zoom at which they do not lie on each other. */
    showNames() {
      this.names.clearLayers();
      if (!this.ground || this.tiles || this.map.getZoom() < NAMES_FROM_ZOOM) return;
      const sight = this.map.getBounds();
      this.ground.eachLayer((layer) => {
        const middle = layer.getBounds().getCenter();
        if (!sight.contains(middle)) return;
        const name = element("span", "", layer.comune);
        name.setAttribute("aria-hidden", "true");
        this.names.addLayer(L.marker(middle, {
          icon: L.divIcon({ className: "comune-name", html: name, iconSize: null }), interactive: false, keyboard: false, zIndexOffset: -1000,
        }));
      });
    }
  }

  class ResultsMap extends TerritoryMap {
    constructor(block) {
      super(block);
      this.markers = new Map();
      this.raised = null;
      this.cluster = L.markerClusterGroup({
        maxClusterRadius: 44, showCoverageOnHover: false, animate: !CALM, spiderLegPolylineOptions: { weight: 1.5, color: "#211f1a" },
        iconCreateFunction: (cluster) => this.clusterIcon(cluster.getChildCount()),
      });
      const areas = read(block.querySelector("script[data-map-areas]"));
      if (areas) this.areas = L.geoJSON(areas, { style: AREA, pointToLayer: (feature, at) => this.area(feature, at) }).addTo(this.map);
      this.placed = L.layerGroup().addTo(this.map);
      this.map.addLayer(this.cluster);
      if (this.words.pointsUrl) {
        this.readPlace();
        this.fetchPoints();
      } else this.readPoints();
    }

    area(feature, at) {
      return L.circle(at, { ...AREA, radius: 1000 * (Number(feature.properties.radius_km) || 0) });
    }

    clusterIcon(count) {
      const size = count < 10 ? 38 : count < 100 ? 44 : 52;
      const icon = pin("pin-cluster", [String(count), element("span", "visually-hidden", ` ${this.words.more}`)], size);
      icon.options.iconAnchor = [size / 2, size / 2];
      return icon;
    }

    showPlace() {
      this.placed.clearLayers();
      if (!this.place) return;
      const at = [this.place.lat, this.place.lon];
      if (this.place.radius_km) this.placed.addLayer(L.circle(at, { ...AREA, radius: this.place.radius_km * 1000 }));
      this.placed.addLayer(L.marker(at, { icon: target(), interactive: false, keyboard: false, zIndexOffset: -500 }));
    }

    /* A later script counts: the one that a swapped fragment brought, after the one that the page came with. */
    source(what) {
      return [...document.querySelectorAll(`script[data-map-${what}="${CSS.escape(this.block.id)}"]`)].pop() || null;
    }

    readPlace() {
      this.place = read(this.source("place"));
      this.showPlace();
    }

    readPoints() {
      const [points, place] = [this.source("points"), this.source("place")];
      const now = `${points && points.textContent} ${place && place.textContent}`;
      if (now === this.last) return;
      this.last = now;
      this.readPlace();
      this.show(read(points));
      this.frame();
    }

    async fetchPoints() {
      const load = async () => {
        const url = new URL(this.words.pointsUrl, location.href);
        if (this.words.byBox !== undefined) url.searchParams.set("bbox", this.map.getBounds().toBBoxString());
        try {
          this.show(await fetchJson(url));
        } catch {
          this.canvas.append(element("p", "map-fallback", this.words.failed));
        }
      };
      await load();
      if (this.words.byBox === undefined) this.frame();
      else {
        let timer = 0;
        this.map.on("moveend", () => {
          clearTimeout(timer);
          timer = setTimeout(() => { if (!this.map._popup || !this.map._popup.isOpen()) load(); }, 250);
        });
      }
    }

    show(collection) {
      this.cluster.clearLayers();
      this.markers.clear();
      this.raised = null;
      const features = (collection && collection.features) || [];
      const layers = features.filter((feature) => feature.geometry && feature.geometry.type === "Point").map((feature) => this.marker(feature));
      this.cluster.addLayers(layers);
    }

    marker({ geometry, properties }) {
      const at = [geometry.coordinates[1], geometry.coordinates[0]];
      if (properties.count) {
        const many = L.marker(at, { icon: this.clusterIcon(Number(properties.count)) });
        return many.on("click keypress", () => this.map.setView(at, this.map.getZoom() + 2));
      }
      const kind = properties.kind || (properties.kinds || [])[0];
      const content = properties.rank ? [String(properties.rank)] : [glyph(this.words.iconsUrl, properties.icon)];
      const marker = L.marker(at, { icon: pin(`pin-${KINDS.has(kind) ? kind : "network"}`, content), riseOnHover: true });
      marker.bindPopup(() => this.popup(properties), { minWidth: 180, maxWidth: 260, autoPanPadding: [20, 20] });
      marker.on("popupopen", () => this.choose(properties.id, true));
      marker.on("popupclose", () => this.choose(properties.id, false));
      marker.on("mouseover focus", () => this.rows(properties.id).forEach((row) => row.classList.add("on-map")));
      marker.on("mouseout blur", () => this.rows(properties.id).forEach((row) => row.classList.remove("on-map")));
      this.markers.set(String(properties.id), marker);
      return named(marker, `${properties.rank ? `${properties.rank}. ` : ""}${properties.name || ""}`);
    }

    popup(properties) {
      const body = element("div", "popup");
      body.append(element("p", "popup-name", properties.name || ""));
      if (properties.title) body.append(element("p", "", properties.title));
      if (properties.text) body.append(element("p", "", properties.text));
      if (typeof properties.distance_km === "number") {
        body.append(element("p", "", `${NUMBER.format(properties.distance_km)} km ${this.words.fromYou}`));
      }
      if (properties.url) {
        const target = new URL(properties.url, location.href);
        if (target.origin === location.origin) {
          const link = element("a", "popup-link", this.words.open);
          link.href = target.href;
          body.append(link);
        }
      }
      return body;
    }

    /* What to look at: what lies around the middle of the results, with the place one searches from. */
    frame() {
      const points = [...this.markers.values()].map((marker) => marker.getLatLng());
      const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] || 0;
      const lat = this.place ? this.place.lat : middle(points.map((point) => point.lat));
      const lng = this.place ? this.place.lon : middle(points.map((point) => point.lng));
      const near = points.filter((point) => Math.abs(point.lat - lat) < NEIGHBOURHOOD_DEGREES && Math.abs(point.lng - lng) < NEIGHBOURHOOD_DEGREES);
      const bounds = L.latLngBounds(near.length ? near : points);
      if (this.place) bounds.extend([this.place.lat, this.place.lon]);
      if (this.areas && this.areas.getLayers().length) bounds.extend(this.areas.getBounds());
      if (bounds.isValid()) this.map.fitBounds(bounds, { padding: [36, 36], maxZoom: 12, animate: false });
    }

    rows(id) {
      return document.querySelectorAll(`[data-map-id="${CSS.escape(String(id))}"]`);
    }

    choose(id, yes) {
      const rows = this.rows(id);
      rows.forEach((row) => row.classList.toggle("chosen", yes));
      // on a phone the list lies under the map: scrolling to it would take the popup away
      if (yes && rows.length && WIDE.matches) rows[0].scrollIntoView({ block: "nearest", behavior: CALM ? "auto" : "smooth" });
    }

    raise(id) {
      if (this.raised) this.raised.classList.remove("pin-on");
      this.raised = null;
      const marker = id === null ? null : this.markers.get(String(id));
      const shown = marker && this.cluster.getVisibleParent(marker);
      this.raised = (shown && shown.getElement()) || null;
      if (this.raised) this.raised.classList.add("pin-on");
    }
  }

  class PointPicker extends TerritoryMap {
    constructor(block) {
      super(block);
      this.inputs = [document.getElementById(this.words.latInput), document.getElementById(this.words.lonInput)];
      this.marker = named(L.marker(HOME.centre, { icon: pin("pin-place", [glyph(this.words.iconsUrl, "geo-alt-fill")]), draggable: true }), this.words.point);
      this.marker.on("dragend", () => this.write(this.marker.getLatLng()));
      this.map.on("click", (event) => this.write(event.latlng));
      this.canvas.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== this.canvas) return;
        event.preventDefault();
        this.write(this.map.getCenter());
      });
      this.inputs.forEach((input) => input.addEventListener("change", () => this.follow()));
      this.look();
      this.follow();
      document.addEventListener("htmx:afterSettle", () => this.look());
    }

    /* Until somebody puts a point, it is where the municipality lies that is written. */
    look() {
      const place = read(document.querySelector(`[data-map-place="${this.block.id}"]`));
      if (!place || this.inputs.some((input) => input.value.trim())) return;
      this.put(L.latLng(place.lat, place.lon));
      this.map.setView([place.lat, place.lon], Math.max(this.map.getZoom(), 11));
    }

    write(at) {
      const [lat, lon] = this.inputs;
      lat.value = at.lat.toFixed(6);
      lon.value = at.wrap().lng.toFixed(6);
      this.inputs.forEach((input) => input.dispatchEvent(new Event("input", { bubbles: true })));
      this.put(at);
    }

    follow() {
      const [lat, lon] = this.inputs.map((input) => (input.value.trim() ? Number(input.value.trim().replace(",", ".")) : NaN));
      if (!(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180)) return;
      this.put(L.latLng(lat, lon));
      this.map.setView([lat, lon], Math.max(this.map.getZoom(), 12));
    }

    put(at) {
      this.marker.setLatLng(at).addTo(this.map);
    }
  }

  window.TerritoryMap = TerritoryMap; // for the pages that do more with a map in a file of their own

  const maps = [...document.querySelectorAll("[data-map]")].map((block) => (
    "mapPicker" in block.dataset ? new PointPicker(block) : new ResultsMap(block)
  ));
  const results = maps.filter((map) => map instanceof ResultsMap);

  // Rows and markers in step; on the document, so that rows that htmx brings later count too.
  const rowOf = (event) => event.target.closest && event.target.closest("[data-map-id]");
  const point = (event) => {
    const row = rowOf(event);
    results.forEach((map) => map.raise(row ? row.dataset.mapId : null));
  };
  document.addEventListener("mouseover", point);
  document.addEventListener("focusin", point);
  document.addEventListener("htmx:afterSettle", () => results.filter((map) => !map.words.pointsUrl).forEach((map) => map.readPoints()));
})();
