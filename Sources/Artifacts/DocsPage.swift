/// The documentation as one page without anything from elsewhere: it reads manifest.json and catalog.json beside it, or
/// has them in itself.
public enum DocsPage {
  public static func html(manifest: [UInt8]? = nil, catalog: [UInt8]? = nil) -> String {
    var data = "const embedded = null;"
    if let manifest, let catalog {
      data = "const embedded = {manifest: \(script(manifest)), catalog: \(script(catalog))};"
    }
    return page.replacing("/*DATA*/", with: data)
  }

  /// JSON that can stand in a script: a `</script>` in a text must not end it.
  private static func script(_ json: [UInt8]) -> String {
    String(decoding: json, as: UTF8.self).replacing("</", with: "<\\/")
  }

  private static let page = #"""
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>Project documentation</title>
    <style>
    body{margin:0;font:15px/1.5 system-ui,sans-serif;display:flex;height:100vh;color:#1d2733}
    nav{width:300px;overflow:auto;border-right:1px solid #dde3ea;background:#f7f9fb;padding:12px;box-sizing:border-box}
    main{flex:1;overflow:auto;padding:24px 36px}
    input{width:100%;padding:7px;box-sizing:border-box;border:1px solid #c5ced8;border-radius:5px}
    h3{margin:14px 0 4px;font-size:12px;text-transform:uppercase;color:#66788a}
    a{color:#0b62b0;text-decoration:none;cursor:pointer}a:hover{text-decoration:underline}
    nav a{display:block;padding:1px 4px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    table{border-collapse:collapse;margin:8px 0}td,th{border:1px solid #dde3ea;padding:4px 10px;text-align:left;vertical-align:top}
    pre{background:#f4f6f8;padding:14px;overflow:auto;border-radius:6px;font-size:13px}
    .tag{background:#e3eefb;border-radius:4px;padding:1px 7px;margin-right:5px;font-size:13px}
    @media (prefers-color-scheme:dark){body{background:#161b22;color:#dbe3ea}nav{background:#10151b;border-color:#2a333d}
    pre{background:#10151b}td,th{border-color:#2a333d}a{color:#6db3f2}input{background:#0d1117;color:inherit;border-color:#2a333d}.tag{background:#1d3148}}
    </style></head><body><nav><input id="q" placeholder="Search…" autofocus><div id="list"></div></nav><main id="main"></main>
    <script>
    /*DATA*/
    const $ = id => document.getElementById(id);
    const el = (tag, text, attrs) => { const e = document.createElement(tag); if (text != null) e.textContent = text;
      for (const k in attrs || {}) e.setAttribute(k, attrs[k]); return e; };
    let manifest, catalog, all = {};
    function table(head, rows) { const t = el('table'), h = el('tr'); head.forEach(x => h.append(el('th', x))); t.append(h);
      rows.forEach(r => { const tr = el('tr'); r.forEach(x => tr.append(el('td', x == null ? '' : String(x)))); t.append(tr); }); return t; }
    function links(ids) { const p = el('p'); ids.forEach((id, i) => { if (i) p.append(', ');
      p.append(all[id] ? el('a', all[id].name, {href: '#' + id}) : id); }); return p; }
    function list() { const q = $('q').value.toLowerCase(), box = $('list'); box.textContent = ''; const groups = {};
      for (const id in all) { const n = all[id]; if (['test', 'operation', 'unit_test'].includes(n.resource_type)) continue;
        const columns = Object.keys(n.columns || {}).join(' ');
        if (q && !(id + ' ' + (n.description || '') + ' ' + columns).toLowerCase().includes(q)) continue;
        (groups[n.resource_type] = groups[n.resource_type] || []).push(id); }
      Object.keys(groups).sort().forEach(type => { box.append(el('h3', type.replace('_', ' ')));
        groups[type].sort((a, b) => all[a].name < all[b].name ? -1 : 1).forEach(id =>
          box.append(el('a', (all[id].source_name ? all[id].source_name + '.' : '') + all[id].name, {href: '#' + id, title: id}))); }); }
    function show() { const id = decodeURIComponent(location.hash.slice(1)), m = $('main'); m.textContent = '';
      const n = all[id];
      if (!n) { m.append(el('h1', manifest.metadata.project_name || 'Project'), el('p', Object.keys(all).length +
        ' resources. Choose one on the left, or search by name, column or description.')); return; }
      m.append(el('h1', n.name));
      const line = el('p'); [n.resource_type, (n.config || {}).materialized, n.package_name].concat(n.tags || []).filter(Boolean)
        .forEach(x => line.append(el('span', x, {class: 'tag'}))); m.append(line);
      if (n.relation_name) m.append(el('p', n.relation_name));
      if (n.description) m.append(el('p', n.description));
      const c = (catalog.nodes || {})[id] || (catalog.sources || {})[id], names = {};
      Object.values((c || {}).columns || {}).forEach(x => names[x.name.toLowerCase()] = {name: x.name, type: x.type});
      Object.values(n.columns || {}).forEach(x => { const k = x.name.toLowerCase(); names[k] = Object.assign(names[k] || {name: x.name, type: x.data_type}, {description: x.description}); });
      const rows = Object.values(names); if (rows.length) { m.append(el('h2', 'Columns'), table(['name', 'type', 'description'], rows.map(x => [x.name, x.type, x.description]))); }
      const up = manifest.parent_map[id] || [], down = manifest.child_map[id] || [];
      if (up.length) m.append(el('h2', 'Depends on'), links(up));
      if (down.length) m.append(el('h2', 'Used by'), links(down));
      if (n.raw_code || n.macro_sql) m.append(el('h2', 'Code'), el('pre', n.raw_code || n.macro_sql));
      if (n.compiled_code) m.append(el('h2', 'Compiled'), el('pre', n.compiled_code));
      m.append(el('p', n.original_file_path)); }
    async function load() {
      if (embedded) { manifest = embedded.manifest; catalog = embedded.catalog; }
      else [manifest, catalog] = await Promise.all(['manifest.json', 'catalog.json'].map(f => fetch(f).then(r => r.json())));
      for (const part of ['nodes', 'sources', 'exposures', 'metrics', 'semantic_models', 'functions', 'unit_tests']) Object.assign(all, manifest[part]);
      for (const id in manifest.macros) if (manifest.macros[id].package_name == manifest.metadata.project_name) all[id] = manifest.macros[id];
      $('q').oninput = list; window.onhashchange = show; list(); show(); }
    load();
    </script></body></html>

    """#
}
