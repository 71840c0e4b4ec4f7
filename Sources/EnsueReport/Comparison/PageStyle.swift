// The style sheet of report pages.

/// Type, colours and layout of a page; below 640 px tables become cards, one a row.
enum PageStyle {
  static let css = """
    :root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#59626d;--rule:#dde1e6;--panel:#f7f8fa;--accent:#0072b2}
    @media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e9edf1;--soft:#9aa4af;--rule:#2c333b;\
    --panel:#1a1e23;--accent:#56b4e9}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Helvetica Neue","Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
    main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}
    header{border-bottom:1px solid var(--rule);padding-bottom:8px}
    h1{font-size:1.9rem;line-height:1.2;font-weight:650;letter-spacing:-.012em;margin:0 0 .5em;overflow-wrap:anywhere}
    h2{font-size:1.15rem;line-height:1.3;font-weight:650;margin:2.4em 0 .8em}
    p,li{max-width:72ch;overflow-wrap:anywhere}
    p{margin:.6em 0}
    ul{padding-left:1.2em;margin:0}
    li{margin:.35em 0}
    .caption,caption{color:var(--soft);font-size:.875rem}
    caption{caption-side:bottom;text-align:left;padding:.6em 10px 0}
    table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
    th,td{padding:.5em 10px;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--rule);\
    overflow-wrap:anywhere}
    thead th{color:var(--soft);font-weight:500;font-size:.875rem;white-space:nowrap}
    tbody th{font-weight:500;min-width:11em}
    td:not(.number){min-width:8em}
    .number{text-align:right;white-space:nowrap}
    .best strong{font-weight:700;color:var(--accent)}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px;align-items:start}
    figure{margin:0;padding:14px 14px 10px;background:var(--panel);border:1px solid var(--rule);border-radius:10px;\
    min-width:0;max-width:620px}
    figure svg{display:block;width:100%;height:auto}
    details{margin-top:6px;font-size:.9375rem}
    summary{cursor:pointer;color:var(--soft);padding:4px 0}
    details table{font-size:.875rem}
    @media (max-width:640px){
    main{padding:24px 16px 48px}
    h1{font-size:1.5rem}
    table,tbody,tr,th,td{display:block;width:100%}
    thead{display:none}
    caption{display:block;padding:0 0 .8em}
    tr{border:1px solid var(--rule);border-radius:10px;padding:8px 12px;margin:0 0 12px}
    th,td,.number{display:flex;justify-content:space-between;gap:16px;border:0;padding:.2em 0;text-align:right;\
    white-space:normal;min-width:0!important}
    th::before,td::before{content:attr(data-title);color:var(--soft);font-weight:400;text-align:left;flex:none}
    tbody th{font-weight:650}
    figure{padding:10px 10px 6px}
    }
    @media print{main{padding:0;max-width:none}figure,tr{break-inside:avoid}}

    """
}
