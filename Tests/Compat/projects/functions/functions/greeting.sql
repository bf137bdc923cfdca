select 'Hello, ' || who || {{ "'!'" }}
