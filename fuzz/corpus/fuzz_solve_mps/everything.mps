* a comment
NAME all
OBJSENSE
    MAX
ROWS
 N cost
 N other
 L l1
 G g1
 E e1
COLUMNS
 x cost 1 l1 2
 x g1 3
 M1 'MARKER' 'INTORG'
 y e1 1 l1 -1.5e-3
 M2 'MARKER' 'INTEND'
 z l1 1
RHS
 RHS cost -5 l1 10
 RHS g1 1 e1 4
RANGES
 RNG l1 3 g1 2
BOUNDS
 UP BND x 8
 LI BND y 2
 MI BND z
ENDATA
