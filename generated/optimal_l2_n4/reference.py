"""optimal_l2_n4: rotation-invariant polynomials and their derivatives in plain PyTorch.

Basis 85c924ce04dc741202099812c21922f9cf9aa8a0c33200c1327bb89ecf3a2fbc
Convention sphericart. Written by invgen, codegen version 2; do not edit.

Tensors are (..., component, channel) on any device, of any floating dtype; leading dimensions are free.
"""

import torch

DIM = 9
COUNT = 6


def value(x):
    """Return y = I(x)."""
    (v0, v1, v2, v3, v4, v5, v6, v7, v8,) = x.unbind(-2)
    v9 = 3.544907701811032 * v0
    del v0
    v10 = 2.046653415892977 * v1
    del v1
    v11 = v10 * v10
    v12 = 2.046653415892977 * v3
    del v3
    v13 = v12 * v12
    v14 = v13 + v11
    del v11, v13
    v15 = 2.046653415892977 * v2
    del v2
    v16 = v15 * v15
    v17 = v16 + v14
    del v14, v16
    v18 = 0.915291232863769 * v8
    del v8
    v19 = 0.5284436396808014 * v6
    v20 = v19 + v18
    v21 = v20 * v20
    v22 = 0.915291232863769 * v4
    del v4
    v23 = v22 * v22
    v24 = v23 + v21
    del v21
    v25 = 0.915291232863769 * v5
    del v5
    v26 = v25 * v25
    v27 = v26 + v24
    del v24
    v28 = v18 - v19
    del v18, v19
    v29 = v28 * v28
    v30 = v29 + v23
    del v23, v29
    v31 = 0.915291232863769 * v7
    del v7
    v32 = v31 * v31
    v33 = v32 + v30
    del v30
    v34 = v33 + v27
    v35 = v32 + v26
    del v26, v32
    v36 = 1.0568872793616029 * v6
    del v6
    v37 = v36 * v36
    v38 = v37 + v35
    del v35, v37
    v39 = v38 + v34
    del v34
    v40 = v15 * v25
    v41 = v12 * v22
    v42 = v41 + v40
    del v40, v41
    v43 = v10 * v20
    v44 = v42 - v43
    del v42, v43
    v45 = v10 * v44
    v46 = v10 * v22
    v47 = v12 * v28
    v48 = v47 + v46
    del v46, v47
    v49 = v15 * v31
    v50 = v49 + v48
    del v48, v49
    v51 = v12 * v50
    v52 = v51 + v45
    del v45, v51
    v53 = v10 * v25
    del v10
    v54 = v12 * v31
    del v12
    v55 = v54 + v53
    del v53, v54
    v56 = v15 * v36
    v57 = v56 + v55
    del v55, v56
    v58 = v15 * v57
    del v15
    v59 = v58 + v52
    del v52, v58
    v60 = v22 * v25
    v61 = v31 * v28
    v62 = v61 + v60
    del v60, v61
    v63 = v31 * v36
    v64 = v63 + v62
    del v62, v63
    v65 = v31 * v64
    del v64
    v66 = v25 * v31
    v67 = v22 * v28
    v68 = v67 + v66
    del v66, v67
    v69 = v22 * v20
    v70 = v68 - v69
    del v68, v69
    v71 = v22 * v70
    del v70
    v72 = v71 + v65
    del v65, v71
    v73 = v25 * v36
    v74 = v22 * v31
    del v22, v31
    v75 = v74 + v73
    del v73, v74
    v76 = v25 * v20
    v77 = v75 - v76
    del v75, v76
    v78 = v25 * v77
    del v25, v77
    v79 = v78 + v72
    del v72, v78
    v80 = 2.0 * v79
    del v79
    v81 = v28 * v33
    del v28, v33
    v82 = v36 * v38
    del v36, v38
    v83 = v81 + v82
    del v81, v82
    v84 = v20 * v27
    del v20, v27
    v85 = v83 - v84
    del v83, v84
    v86 = v85 + v80
    del v80, v85
    v87 = v44 * v44
    del v44
    v88 = v50 * v50
    del v50
    v89 = v88 + v87
    del v87, v88
    v90 = v57 * v57
    del v57
    v91 = v90 + v89
    del v89, v90
    return torch.stack((v9, v17, v39, v59, v86, v91,), -2)


def vjp(x, ybar):
    """Return xbar, the sum over k of ybar_k dy_k/dx."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8,) = x.unbind(-2)
    (v9, v10, v11, v12, v13, v14,) = ybar.unbind(-2)
    v15 = 3.544907701811032 * v9
    del v9
    v16 = 0.915291232863769 * v5
    del v5
    v17 = 2.046653415892977 * v2
    del v2
    v18 = v17 * v16
    v19 = 0.915291232863769 * v4
    del v4
    v20 = 2.046653415892977 * v3
    del v3
    v21 = v20 * v19
    v22 = v21 + v18
    del v18, v21
    v23 = 0.915291232863769 * v8
    del v8
    v24 = 0.5284436396808014 * v6
    v25 = v24 + v23
    v26 = 2.046653415892977 * v1
    del v1
    v27 = v26 * v25
    v28 = v22 - v27
    del v22, v27
    v29 = v12 * v28
    v30 = 2.0 * v10
    del v10
    v31 = v26 * v30
    v32 = v31 + v29
    del v29, v31
    v33 = v26 * v16
    v34 = 0.915291232863769 * v7
    del v7
    v35 = v20 * v34
    v36 = v35 + v33
    del v33, v35
    v37 = 1.0568872793616029 * v6
    del v6
    v38 = v17 * v37
    v39 = v38 + v36
    del v36, v38
    v40 = 2.0 * v14
    del v14
    v41 = v39 * v40
    v42 = v12 * v17
    v43 = v42 + v41
    del v41, v42
    v44 = v16 * v43
    v45 = v44 + v32
    del v32, v44
    v46 = v26 * v19
    v47 = v23 - v24
    del v23, v24
    v48 = v20 * v47
    v49 = v48 + v46
    del v46, v48
    v50 = v17 * v34
    v51 = v50 + v49
    del v49, v50
    v52 = v51 * v40
    v53 = v12 * v20
    v54 = v53 + v52
    del v52, v53
    v55 = v19 * v54
    v56 = v55 + v45
    del v45, v55
    v57 = v28 * v40
    del v28, v40
    v58 = v12 * v26
    v59 = v58 + v57
    del v57, v58
    v60 = v25 * v59
    v61 = v56 - v60
    del v56, v60
    v62 = 2.046653415892977 * v61
    del v61
    v63 = v12 * v39
    del v39
    v64 = v17 * v30
    v65 = v64 + v63
    del v63, v64
    v66 = v37 * v43
    v67 = v66 + v65
    del v65, v66
    v68 = v16 * v59
    v69 = v68 + v67
    del v67, v68
    v70 = v34 * v54
    v71 = v70 + v69
    del v69, v70
    v72 = 2.046653415892977 * v71
    del v71
    v73 = v12 * v51
    del v12, v51
    v74 = v20 * v30
    del v30
    v75 = v74 + v73
    del v73, v74
    v76 = v34 * v43
    v77 = v76 + v75
    del v75, v76
    v78 = v19 * v59
    v79 = v78 + v77
    del v77, v78
    v80 = v47 * v54
    v81 = v80 + v79
    del v79, v80
    v82 = 2.046653415892977 * v81
    del v81
    v83 = v16 * v34
    v84 = v19 * v47
    v85 = v84 + v83
    del v83, v84
    v86 = v19 * v25
    v87 = v85 - v86
    del v85, v86
    v88 = 2.0 * v13
    v89 = v87 * v88
    del v87
    v90 = v16 * v88
    v91 = v34 * v90
    v92 = v89 + v91
    del v89, v91
    v93 = v34 * v88
    v94 = v16 * v93
    v95 = v94 + v92
    del v92, v94
    v96 = v47 - v25
    v97 = v19 * v88
    v98 = v97 * v96
    del v96
    v99 = v98 + v95
    del v95, v98
    v100 = v13 * v47
    v101 = v11 + v100
    del v100
    v102 = v13 * v25
    v103 = v11 - v102
    del v102
    v104 = v103 + v101
    v105 = 2.0 * v104
    del v104
    v106 = v19 * v105
    del v105
    v107 = v106 + v99
    del v99, v106
    v108 = v20 * v59
    v109 = v108 + v107
    del v107, v108
    v110 = v26 * v54
    v111 = v110 + v109
    del v109, v110
    v112 = 0.915291232863769 * v111
    del v111
    v113 = v37 - v25
    v114 = v90 * v113
    del v113
    v115 = v16 * v37
    v116 = v19 * v34
    v117 = v116 + v115
    del v115, v116
    v118 = v16 * v25
    v119 = v117 - v118
    del v117, v118
    v120 = v119 * v88
    del v119
    v121 = v120 + v114
    del v114, v120
    v122 = v13 * v37
    v123 = v11 + v122
    del v11, v122
    v124 = v123 + v103
    v125 = 2.0 * v124
    del v124
    v126 = v16 * v125
    del v125
    v127 = v126 + v121
    del v121, v126
    v128 = v19 * v93
    v129 = v128 + v127
    del v127, v128
    v130 = v34 * v97
    v131 = v130 + v129
    del v129, v130
    v132 = v26 * v43
    v133 = v132 + v131
    del v131, v132
    v134 = v17 * v59
    v135 = v134 + v133
    del v133, v134
    v136 = 0.915291232863769 * v135
    del v135
    v137 = v19 * v97
    v138 = v34 * v93
    v139 = v138 + v137
    v140 = v47 * v47
    v141 = v19 * v19
    v142 = v140 + v141
    del v140
    v143 = v34 * v34
    v144 = v143 + v142
    del v142
    v145 = v13 * v144
    del v144
    v146 = v145 + v139
    del v139, v145
    v147 = 2.0 * v101
    v148 = v47 * v147
    del v147
    v149 = v148 + v146
    del v146, v148
    v150 = v20 * v54
    v151 = v150 + v149
    del v149, v150
    v152 = 2.0 * v103
    del v103
    v153 = v25 * v152
    del v152
    v154 = v16 * v90
    v155 = v153 - v154
    del v153
    v156 = v25 * v25
    del v25
    v157 = v141 + v156
    del v141, v156
    v158 = v16 * v16
    v159 = v158 + v157
    del v157
    v160 = v13 * v159
    del v159
    v161 = v155 - v160
    del v155, v160
    v162 = v161 - v137
    del v137, v161
    v163 = v26 * v59
    del v26, v59
    v164 = v162 - v163
    del v162, v163
    v165 = v164 - v151
    v166 = 0.5284436396808014 * v165
    del v165
    v167 = 2.0 * v123
    v168 = v37 * v167
    del v167
    v169 = v143 + v158
    del v143, v158
    v170 = v37 * v37
    v171 = v170 + v169
    del v169, v170
    v172 = v13 * v171
    del v13, v171
    v173 = v172 + v168
    del v168, v172
    v174 = v154 + v173
    del v154, v173
    v175 = v138 + v174
    del v138, v174
    v176 = v17 * v43
    v177 = v176 + v175
    del v175, v176
    v178 = 1.0568872793616029 * v177
    del v177
    v179 = v178 + v166
    del v166, v178
    v180 = v19 * v16
    v181 = v34 * v47
    v182 = v181 + v180
    del v180, v181
    v183 = v34 * v37
    v184 = v183 + v182
    del v182, v183
    v185 = v184 * v88
    del v88, v184
    v186 = v19 * v90
    del v19, v90
    v187 = v185 + v186
    del v185, v186
    v188 = v47 + v37
    del v37, v47
    v189 = v93 * v188
    del v93, v188
    v190 = v189 + v187
    del v187, v189
    v191 = v16 * v97
    del v16, v97
    v192 = v191 + v190
    del v190, v191
    v193 = v123 + v101
    del v101, v123
    v194 = 2.0 * v193
    del v193
    v195 = v34 * v194
    del v34, v194
    v196 = v195 + v192
    del v192, v195
    v197 = v20 * v43
    del v20, v43
    v198 = v197 + v196
    del v196, v197
    v199 = v17 * v54
    del v17, v54
    v200 = v199 + v198
    del v198, v199
    v201 = 0.915291232863769 * v200
    del v200
    v202 = v164 + v151
    del v151, v164
    v203 = 0.915291232863769 * v202
    del v202
    return torch.stack((v15, v62, v72, v82, v112, v136, v179, v201, v203,), -2)


def value_and_vjp(x, ybar):
    """Return (y, xbar)."""
    (v0, v1, v2, v3, v4, v5, v6, v7, v8,) = x.unbind(-2)
    (v9, v10, v11, v12, v13, v14,) = ybar.unbind(-2)
    v15 = 3.544907701811032 * v0
    del v0
    v16 = 2.046653415892977 * v1
    del v1
    v17 = v16 * v16
    v18 = 2.046653415892977 * v3
    del v3
    v19 = v18 * v18
    v20 = v19 + v17
    del v17, v19
    v21 = 2.046653415892977 * v2
    del v2
    v22 = v21 * v21
    v23 = v22 + v20
    del v20, v22
    v24 = 0.915291232863769 * v8
    del v8
    v25 = 0.5284436396808014 * v6
    v26 = v25 + v24
    v27 = v26 * v26
    v28 = 0.915291232863769 * v4
    del v4
    v29 = v28 * v28
    v30 = v29 + v27
    del v27
    v31 = 0.915291232863769 * v5
    del v5
    v32 = v31 * v31
    v33 = v32 + v30
    del v30
    v34 = v24 - v25
    del v24, v25
    v35 = v34 * v34
    v36 = v35 + v29
    del v29, v35
    v37 = 0.915291232863769 * v7
    del v7
    v38 = v37 * v37
    v39 = v38 + v36
    del v36
    v40 = v39 + v33
    v41 = v38 + v32
    del v32, v38
    v42 = 1.0568872793616029 * v6
    del v6
    v43 = v42 * v42
    v44 = v43 + v41
    del v41, v43
    v45 = v44 + v40
    del v40
    v46 = v21 * v31
    v47 = v18 * v28
    v48 = v47 + v46
    del v46, v47
    v49 = v16 * v26
    v50 = v48 - v49
    del v48, v49
    v51 = v16 * v50
    v52 = v16 * v28
    v53 = v18 * v34
    v54 = v53 + v52
    del v52, v53
    v55 = v21 * v37
    v56 = v55 + v54
    del v54, v55
    v57 = v18 * v56
    v58 = v57 + v51
    del v51, v57
    v59 = v16 * v31
    v60 = v18 * v37
    v61 = v60 + v59
    del v59, v60
    v62 = v21 * v42
    v63 = v62 + v61
    del v61, v62
    v64 = v21 * v63
    v65 = v64 + v58
    del v58, v64
    v66 = v28 * v31
    v67 = v37 * v34
    v68 = v67 + v66
    del v66, v67
    v69 = v37 * v42
    v70 = v69 + v68
    del v68, v69
    v71 = v37 * v70
    v72 = v31 * v37
    v73 = v28 * v34
    v74 = v73 + v72
    del v72, v73
    v75 = v28 * v26
    v76 = v74 - v75
    del v74, v75
    v77 = v28 * v76
    v78 = v77 + v71
    del v71, v77
    v79 = v31 * v42
    v80 = v28 * v37
    v81 = v80 + v79
    del v79, v80
    v82 = v31 * v26
    v83 = v81 - v82
    del v81, v82
    v84 = v31 * v83
    v85 = v84 + v78
    del v78, v84
    v86 = 2.0 * v85
    del v85
    v87 = v34 * v39
    v88 = v42 * v44
    v89 = v87 + v88
    del v87, v88
    v90 = v26 * v33
    v91 = v89 - v90
    del v89, v90
    v92 = v91 + v86
    del v86, v91
    v93 = v50 * v50
    v94 = v56 * v56
    v95 = v94 + v93
    del v93, v94
    v96 = v63 * v63
    v97 = v96 + v95
    del v95, v96
    v98 = 3.544907701811032 * v9
    del v9
    v99 = v12 * v50
    v100 = 2.0 * v10
    del v10
    v101 = v16 * v100
    v102 = v101 + v99
    del v99, v101
    v103 = 2.0 * v14
    del v14
    v104 = v63 * v103
    v105 = v12 * v21
    v106 = v105 + v104
    del v104, v105
    v107 = v31 * v106
    v108 = v107 + v102
    del v102, v107
    v109 = v56 * v103
    v110 = v12 * v18
    v111 = v110 + v109
    del v109, v110
    v112 = v28 * v111
    v113 = v112 + v108
    del v108, v112
    v114 = v50 * v103
    del v50, v103
    v115 = v12 * v16
    v116 = v115 + v114
    del v114, v115
    v117 = v26 * v116
    v118 = v113 - v117
    del v113, v117
    v119 = 2.046653415892977 * v118
    del v118
    v120 = v12 * v63
    del v63
    v121 = v21 * v100
    v122 = v121 + v120
    del v120, v121
    v123 = v42 * v106
    v124 = v123 + v122
    del v122, v123
    v125 = v31 * v116
    v126 = v125 + v124
    del v124, v125
    v127 = v37 * v111
    v128 = v127 + v126
    del v126, v127
    v129 = 2.046653415892977 * v128
    del v128
    v130 = v12 * v56
    del v12, v56
    v131 = v18 * v100
    del v100
    v132 = v131 + v130
    del v130, v131
    v133 = v37 * v106
    v134 = v133 + v132
    del v132, v133
    v135 = v28 * v116
    v136 = v135 + v134
    del v134, v135
    v137 = v34 * v111
    v138 = v137 + v136
    del v136, v137
    v139 = 2.046653415892977 * v138
    del v138
    v140 = 2.0 * v13
    v141 = v76 * v140
    del v76
    v142 = v31 * v140
    v143 = v37 * v142
    v144 = v141 + v143
    del v141, v143
    v145 = v37 * v140
    v146 = v31 * v145
    v147 = v146 + v144
    del v144, v146
    v148 = v34 - v26
    v149 = v28 * v140
    v150 = v149 * v148
    del v148
    v151 = v150 + v147
    del v147, v150
    v152 = v13 * v34
    v153 = v11 + v152
    del v152
    v154 = v13 * v26
    v155 = v11 - v154
    del v154
    v156 = v155 + v153
    v157 = 2.0 * v156
    del v156
    v158 = v28 * v157
    del v157
    v159 = v158 + v151
    del v151, v158
    v160 = v18 * v116
    v161 = v160 + v159
    del v159, v160
    v162 = v16 * v111
    v163 = v162 + v161
    del v161, v162
    v164 = 0.915291232863769 * v163
    del v163
    v165 = v42 - v26
    v166 = v142 * v165
    del v165
    v167 = v83 * v140
    del v83
    v168 = v167 + v166
    del v166, v167
    v169 = v13 * v42
    v170 = v11 + v169
    del v11, v169
    v171 = v170 + v155
    v172 = 2.0 * v171
    del v171
    v173 = v31 * v172
    del v172
    v174 = v173 + v168
    del v168, v173
    v175 = v28 * v145
    v176 = v175 + v174
    del v174, v175
    v177 = v37 * v149
    v178 = v177 + v176
    del v176, v177
    v179 = v16 * v106
    v180 = v179 + v178
    del v178, v179
    v181 = v21 * v116
    v182 = v181 + v180
    del v180, v181
    v183 = 0.915291232863769 * v182
    del v182
    v184 = v28 * v149
    v185 = v37 * v145
    v186 = v185 + v184
    v187 = v13 * v39
    del v39
    v188 = v187 + v186
    del v186, v187
    v189 = 2.0 * v153
    v190 = v34 * v189
    del v189
    v191 = v190 + v188
    del v188, v190
    v192 = v18 * v111
    v193 = v192 + v191
    del v191, v192
    v194 = 2.0 * v155
    del v155
    v195 = v26 * v194
    del v26, v194
    v196 = v31 * v142
    v197 = v195 - v196
    del v195
    v198 = v13 * v33
    del v33
    v199 = v197 - v198
    del v197, v198
    v200 = v199 - v184
    del v184, v199
    v201 = v16 * v116
    del v16, v116
    v202 = v200 - v201
    del v200, v201
    v203 = v202 - v193
    v204 = 0.5284436396808014 * v203
    del v203
    v205 = 2.0 * v170
    v206 = v42 * v205
    del v205
    v207 = v13 * v44
    del v13, v44
    v208 = v207 + v206
    del v206, v207
    v209 = v196 + v208
    del v196, v208
    v210 = v185 + v209
    del v185, v209
    v211 = v21 * v106
    v212 = v211 + v210
    del v210, v211
    v213 = 1.0568872793616029 * v212
    del v212
    v214 = v213 + v204
    del v204, v213
    v215 = v70 * v140
    del v70, v140
    v216 = v28 * v142
    del v28, v142
    v217 = v215 + v216
    del v215, v216
    v218 = v34 + v42
    del v34, v42
    v219 = v145 * v218
    del v145, v218
    v220 = v219 + v217
    del v217, v219
    v221 = v31 * v149
    del v31, v149
    v222 = v221 + v220
    del v220, v221
    v223 = v170 + v153
    del v153, v170
    v224 = 2.0 * v223
    del v223
    v225 = v37 * v224
    del v37, v224
    v226 = v225 + v222
    del v222, v225
    v227 = v18 * v106
    del v18, v106
    v228 = v227 + v226
    del v226, v227
    v229 = v21 * v111
    del v21, v111
    v230 = v229 + v228
    del v228, v229
    v231 = 0.915291232863769 * v230
    del v230
    v232 = v202 + v193
    del v193, v202
    v233 = 0.915291232863769 * v232
    del v232
    return torch.stack((v15, v23, v45, v65, v92, v97,), -2), torch.stack((v98, v119, v129, v139, v164, v183, v214, v231, v233,), -2)


def jvp(x, u):
    """Return ydot, the derivative of y along u."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8,) = x.unbind(-2)
    (v9, v10, v11, v12, v13, v14, v15, v16, v17,) = u.unbind(-2)
    v18 = 3.544907701811032 * v9
    del v9
    v19 = 2.046653415892977 * v10
    del v10
    v20 = 2.046653415892977 * v1
    del v1
    v21 = v20 * v19
    v22 = 2.046653415892977 * v12
    del v12
    v23 = 2.046653415892977 * v3
    del v3
    v24 = v23 * v22
    v25 = v24 + v21
    del v21, v24
    v26 = 2.046653415892977 * v11
    del v11
    v27 = 2.046653415892977 * v2
    del v2
    v28 = v27 * v26
    v29 = v28 + v25
    del v25, v28
    v30 = 2.0 * v29
    del v29
    v31 = 0.915291232863769 * v17
    del v17
    v32 = 0.5284436396808014 * v15
    v33 = v32 + v31
    v34 = 0.915291232863769 * v8
    del v8
    v35 = 0.5284436396808014 * v6
    v36 = v35 + v34
    v37 = v36 * v33
    v38 = 0.915291232863769 * v13
    del v13
    v39 = 0.915291232863769 * v4
    del v4
    v40 = v39 * v38
    v41 = v40 + v37
    del v37
    v42 = 0.915291232863769 * v14
    del v14
    v43 = 0.915291232863769 * v5
    del v5
    v44 = v43 * v42
    v45 = v44 + v41
    del v41
    v46 = v31 - v32
    del v31, v32
    v47 = v34 - v35
    del v34, v35
    v48 = v47 * v46
    v49 = v48 + v40
    del v40, v48
    v50 = 0.915291232863769 * v16
    del v16
    v51 = 0.915291232863769 * v7
    del v7
    v52 = v51 * v50
    v53 = v52 + v49
    del v49
    v54 = v53 + v45
    v55 = v52 + v44
    del v44, v52
    v56 = 1.0568872793616029 * v15
    del v15
    v57 = 1.0568872793616029 * v6
    del v6
    v58 = v57 * v56
    v59 = v58 + v55
    del v55, v58
    v60 = v59 + v54
    del v54
    v61 = 2.0 * v60
    del v60
    v62 = v27 * v42
    v63 = v43 * v26
    v64 = v63 + v62
    del v62, v63
    v65 = v23 * v38
    v66 = v39 * v22
    v67 = v66 + v65
    del v65, v66
    v68 = v67 + v64
    del v64, v67
    v69 = v20 * v33
    v70 = v36 * v19
    v71 = v70 + v69
    del v69, v70
    v72 = v68 - v71
    del v68, v71
    v73 = v20 * v72
    v74 = v27 * v43
    v75 = v23 * v39
    v76 = v75 + v74
    del v74, v75
    v77 = v20 * v36
    v78 = v76 - v77
    del v76, v77
    v79 = v78 * v19
    v80 = v79 + v73
    del v73, v79
    v81 = v20 * v38
    v82 = v39 * v19
    v83 = v82 + v81
    del v81, v82
    v84 = v23 * v46
    v85 = v47 * v22
    v86 = v85 + v84
    del v84, v85
    v87 = v86 + v83
    del v83, v86
    v88 = v27 * v50
    v89 = v51 * v26
    v90 = v89 + v88
    del v88, v89
    v91 = v90 + v87
    del v87, v90
    v92 = v23 * v91
    v93 = v20 * v39
    v94 = v23 * v47
    v95 = v94 + v93
    del v93, v94
    v96 = v27 * v51
    v97 = v96 + v95
    del v95, v96
    v98 = v97 * v22
    v99 = v98 + v92
    del v92, v98
    v100 = v99 + v80
    del v80, v99
    v101 = v20 * v42
    v102 = v43 * v19
    del v19
    v103 = v102 + v101
    del v101, v102
    v104 = v23 * v50
    v105 = v51 * v22
    del v22
    v106 = v105 + v104
    del v104, v105
    v107 = v106 + v103
    del v103, v106
    v108 = v27 * v56
    v109 = v57 * v26
    v110 = v109 + v108
    del v108, v109
    v111 = v110 + v107
    del v107, v110
    v112 = v27 * v111
    v113 = v20 * v43
    del v20
    v114 = v23 * v51
    del v23
    v115 = v114 + v113
    del v113, v114
    v116 = v27 * v57
    del v27
    v117 = v116 + v115
    del v115, v116
    v118 = v117 * v26
    del v26
    v119 = v118 + v112
    del v112, v118
    v120 = v119 + v100
    del v100, v119
    v121 = v39 * v42
    v122 = v43 * v38
    v123 = v122 + v121
    del v121, v122
    v124 = v51 * v46
    v125 = v47 * v50
    v126 = v125 + v124
    del v124, v125
    v127 = v126 + v123
    del v123, v126
    v128 = v51 * v56
    v129 = v57 * v50
    v130 = v129 + v128
    del v128, v129
    v131 = v130 + v127
    del v127, v130
    v132 = v51 * v131
    del v131
    v133 = v39 * v43
    v134 = v51 * v47
    v135 = v134 + v133
    del v133, v134
    v136 = v51 * v57
    v137 = v136 + v135
    del v135, v136
    v138 = v137 * v50
    del v137
    v139 = v138 + v132
    del v132, v138
    v140 = v43 * v50
    v141 = v51 * v42
    v142 = v141 + v140
    del v140, v141
    v143 = v39 * v46
    v144 = v47 * v38
    v145 = v144 + v143
    del v143, v144
    v146 = v145 + v142
    del v142, v145
    v147 = v39 * v33
    v148 = v36 * v38
    v149 = v148 + v147
    del v147, v148
    v150 = v146 - v149
    del v146, v149
    v151 = v39 * v150
    del v150
    v152 = v43 * v51
    v153 = v39 * v47
    v154 = v153 + v152
    del v152, v153
    v155 = v39 * v36
    v156 = v154 - v155
    del v154, v155
    v157 = v156 * v38
    del v156
    v158 = v157 + v151
    del v151, v157
    v159 = v158 + v139
    del v139, v158
    v160 = v43 * v56
    v161 = v57 * v42
    v162 = v161 + v160
    del v160, v161
    v163 = v39 * v50
    del v50
    v164 = v51 * v38
    del v38
    v165 = v164 + v163
    del v163, v164
    v166 = v165 + v162
    del v162, v165
    v167 = v43 * v33
    v168 = v36 * v42
    v169 = v168 + v167
    del v167, v168
    v170 = v166 - v169
    del v166, v169
    v171 = v43 * v170
    del v170
    v172 = v43 * v57
    v173 = v39 * v51
    v174 = v173 + v172
    del v172, v173
    v175 = v43 * v36
    v176 = v174 - v175
    del v174, v175
    v177 = v176 * v42
    del v42, v176
    v178 = v177 + v171
    del v171, v177
    v179 = v178 + v159
    del v159, v178
    v180 = 2.0 * v179
    del v179
    v181 = 2.0 * v53
    del v53
    v182 = v47 * v181
    del v181
    v183 = v47 * v47
    del v47
    v184 = v39 * v39
    del v39
    v185 = v183 + v184
    del v183
    v186 = v51 * v51
    del v51
    v187 = v186 + v185
    del v185
    v188 = v187 * v46
    del v46, v187
    v189 = v188 + v182
    del v182, v188
    v190 = 2.0 * v59
    del v59
    v191 = v57 * v190
    del v190
    v192 = v43 * v43
    del v43
    v193 = v186 + v192
    del v186
    v194 = v57 * v57
    del v57
    v195 = v194 + v193
    del v193, v194
    v196 = v195 * v56
    del v56, v195
    v197 = v196 + v191
    del v191, v196
    v198 = v189 + v197
    del v189, v197
    v199 = 2.0 * v45
    del v45
    v200 = v36 * v199
    del v199
    v201 = v36 * v36
    del v36
    v202 = v184 + v201
    del v184, v201
    v203 = v192 + v202
    del v192, v202
    v204 = v203 * v33
    del v33, v203
    v205 = v204 + v200
    del v200, v204
    v206 = v198 - v205
    del v198, v205
    v207 = v206 + v180
    del v180, v206
    v208 = v78 * v72
    del v72, v78
    v209 = v97 * v91
    del v91, v97
    v210 = v209 + v208
    del v208, v209
    v211 = v117 * v111
    del v111, v117
    v212 = v211 + v210
    del v210, v211
    v213 = 2.0 * v212
    del v212
    return torch.stack((v18, v30, v61, v120, v207, v213,), -2)


def vjp_of_vjp(x, ybar, u):
    """Return the gradients of vjp(x, ybar) . u with respect to x and ybar."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8,) = x.unbind(-2)
    (_, v10, v11, v12, v13, v14,) = ybar.unbind(-2)
    (v15, v16, v17, v18, v19, v20, v21, v22, v23,) = u.unbind(-2)
    v24 = torch.full_like(x.select(-2, 0), 0.0)
    v25 = 3.544907701811032 * v15
    del v15
    v26 = 2.046653415892977 * v16
    del v16
    v27 = 2.046653415892977 * v1
    del v1
    v28 = v27 * v26
    v29 = 2.046653415892977 * v18
    del v18
    v30 = 2.046653415892977 * v3
    del v3
    v31 = v30 * v29
    v32 = v31 + v28
    del v28, v31
    v33 = 2.046653415892977 * v17
    del v17
    v34 = 2.046653415892977 * v2
    del v2
    v35 = v34 * v33
    v36 = v35 + v32
    del v32, v35
    v37 = 2.0 * v36
    del v36
    v38 = 0.915291232863769 * v23
    del v23
    v39 = 0.5284436396808014 * v21
    v40 = v39 + v38
    v41 = 0.915291232863769 * v8
    del v8
    v42 = 0.5284436396808014 * v6
    v43 = v42 + v41
    v44 = v43 * v40
    v45 = 0.915291232863769 * v19
    del v19
    v46 = 0.915291232863769 * v4
    del v4
    v47 = v46 * v45
    v48 = v47 + v44
    del v44
    v49 = 0.915291232863769 * v20
    del v20
    v50 = 0.915291232863769 * v5
    del v5
    v51 = v50 * v49
    v52 = v51 + v48
    del v48
    v53 = v38 - v39
    del v38, v39
    v54 = v41 - v42
    del v41, v42
    v55 = v54 * v53
    v56 = v55 + v47
    del v47, v55
    v57 = 0.915291232863769 * v22
    del v22
    v58 = 0.915291232863769 * v7
    del v7
    v59 = v58 * v57
    v60 = v59 + v56
    del v56
    v61 = v60 + v52
    v62 = v59 + v51
    del v51, v59
    v63 = 1.0568872793616029 * v21
    del v21
    v64 = 1.0568872793616029 * v6
    del v6
    v65 = v64 * v63
    v66 = v65 + v62
    del v62, v65
    v67 = v66 + v61
    del v61
    v68 = 2.0 * v67
    del v67
    v69 = v34 * v49
    v70 = v50 * v33
    v71 = v70 + v69
    del v69, v70
    v72 = v30 * v45
    v73 = v46 * v29
    v74 = v73 + v72
    del v72, v73
    v75 = v74 + v71
    del v71, v74
    v76 = v27 * v40
    v77 = v43 * v26
    v78 = v77 + v76
    del v76, v77
    v79 = v75 - v78
    del v75, v78
    v80 = v34 * v50
    v81 = v30 * v46
    v82 = v81 + v80
    del v80, v81
    v83 = v27 * v43
    v84 = v82 - v83
    del v82, v83
    v85 = v84 * v79
    v86 = v27 * v45
    v87 = v46 * v26
    v88 = v87 + v86
    del v86, v87
    v89 = v30 * v53
    v90 = v54 * v29
    v91 = v90 + v89
    del v89, v90
    v92 = v91 + v88
    del v88, v91
    v93 = v34 * v57
    v94 = v58 * v33
    v95 = v94 + v93
    del v93, v94
    v96 = v95 + v92
    del v92, v95
    v97 = v27 * v46
    v98 = v30 * v54
    v99 = v98 + v97
    del v97, v98
    v100 = v34 * v58
    v101 = v100 + v99
    del v99, v100
    v102 = v101 * v96
    v103 = v102 + v85
    del v85, v102
    v104 = v27 * v49
    v105 = v50 * v26
    v106 = v105 + v104
    del v104, v105
    v107 = v30 * v57
    v108 = v58 * v29
    v109 = v108 + v107
    del v107, v108
    v110 = v109 + v106
    del v106, v109
    v111 = v34 * v63
    v112 = v64 * v33
    v113 = v112 + v111
    del v111, v112
    v114 = v113 + v110
    del v110, v113
    v115 = v27 * v50
    v116 = v30 * v58
    v117 = v116 + v115
    del v115, v116
    v118 = v34 * v64
    v119 = v118 + v117
    del v117, v118
    v120 = v119 * v114
    v121 = v120 + v103
    del v103, v120
    v122 = 2.0 * v121
    del v121
    v123 = v27 * v79
    v124 = v84 * v26
    v125 = v124 + v123
    del v123, v124
    v126 = v30 * v96
    v127 = v101 * v29
    v128 = v127 + v126
    del v126, v127
    v129 = v128 + v125
    del v125, v128
    v130 = v34 * v114
    v131 = v119 * v33
    v132 = v131 + v130
    del v130, v131
    v133 = v132 + v129
    del v129, v132
    v134 = v46 * v49
    v135 = v50 * v45
    v136 = v135 + v134
    del v134, v135
    v137 = v58 * v53
    v138 = v54 * v57
    v139 = v138 + v137
    del v137, v138
    v140 = v139 + v136
    del v136, v139
    v141 = v58 * v63
    v142 = v64 * v57
    v143 = v142 + v141
    del v141, v142
    v144 = v143 + v140
    del v140, v143
    v145 = v58 * v144
    v146 = v46 * v50
    v147 = v58 * v54
    v148 = v147 + v146
    del v146, v147
    v149 = v58 * v64
    v150 = v149 + v148
    del v148, v149
    v151 = v150 * v57
    del v150
    v152 = v151 + v145
    del v145, v151
    v153 = v50 * v57
    v154 = v58 * v49
    v155 = v154 + v153
    del v153, v154
    v156 = v46 * v53
    v157 = v54 * v45
    v158 = v157 + v156
    del v156, v157
    v159 = v158 + v155
    del v155, v158
    v160 = v46 * v40
    v161 = v43 * v45
    v162 = v161 + v160
    del v160, v161
    v163 = v159 - v162
    del v159, v162
    v164 = v46 * v163
    v165 = v50 * v58
    v166 = v46 * v54
    v167 = v166 + v165
    del v165, v166
    v168 = v46 * v43
    v169 = v167 - v168
    del v167, v168
    v170 = v169 * v45
    del v169
    v171 = v170 + v164
    del v164, v170
    v172 = v171 + v152
    del v152, v171
    v173 = v50 * v63
    v174 = v64 * v49
    v175 = v174 + v173
    del v173, v174
    v176 = v46 * v57
    v177 = v58 * v45
    v178 = v177 + v176
    del v176, v177
    v179 = v178 + v175
    del v175, v178
    v180 = v50 * v40
    v181 = v43 * v49
    v182 = v181 + v180
    del v180, v181
    v183 = v179 - v182
    del v179, v182
    v184 = v50 * v183
    v185 = v50 * v64
    v186 = v46 * v58
    v187 = v186 + v185
    del v185, v186
    v188 = v50 * v43
    v189 = v187 - v188
    del v187, v188
    v190 = v189 * v49
    del v189
    v191 = v190 + v184
    del v184, v190
    v192 = v191 + v172
    del v172, v191
    v193 = 2.0 * v192
    del v192
    v194 = 2.0 * v60
    del v60
    v195 = v54 * v194
    v196 = v54 * v54
    v197 = v46 * v46
    v198 = v196 + v197
    del v196
    v199 = v58 * v58
    v200 = v199 + v198
    del v198
    v201 = v200 * v53
    del v200
    v202 = v201 + v195
    del v195, v201
    v203 = 2.0 * v66
    del v66
    v204 = v64 * v203
    v205 = v50 * v50
    v206 = v199 + v205
    del v199
    v207 = v64 * v64
    v208 = v207 + v206
    del v206, v207
    v209 = v208 * v63
    del v208
    v210 = v209 + v204
    del v204, v209
    v211 = v202 + v210
    del v202, v210
    v212 = 2.0 * v52
    del v52
    v213 = v43 * v212
    v214 = v43 * v43
    v215 = v197 + v214
    del v197, v214
    v216 = v205 + v215
    del v205, v215
    v217 = v216 * v40
    del v216
    v218 = v217 + v213
    del v213, v217
    v219 = v211 - v218
    del v211, v218
    v220 = v219 + v193
    del v193, v219
    v221 = v12 * v79
    v222 = 2.0 * v10
    del v10
    v223 = v26 * v222
    v224 = v223 + v221
    del v221, v223
    v225 = 2.0 * v14
    del v14
    v226 = v114 * v225
    v227 = v12 * v33
    v228 = v227 + v226
    del v226, v227
    v229 = v50 * v228
    v230 = v119 * v225
    del v119
    v231 = v12 * v34
    v232 = v231 + v230
    del v230, v231
    v233 = v49 * v232
    v234 = v233 + v229
    del v229, v233
    v235 = v234 + v224
    del v224, v234
    v236 = v96 * v225
    v237 = v12 * v29
    v238 = v237 + v236
    del v236, v237
    v239 = v46 * v238
    v240 = v101 * v225
    del v101
    v241 = v12 * v30
    v242 = v241 + v240
    del v240, v241
    v243 = v45 * v242
    v244 = v243 + v239
    del v239, v243
    v245 = v244 + v235
    del v235, v244
    v246 = v79 * v225
    del v79
    v247 = v12 * v26
    v248 = v247 + v246
    del v246, v247
    v249 = v43 * v248
    v250 = v84 * v225
    del v84, v225
    v251 = v12 * v27
    v252 = v251 + v250
    del v250, v251
    v253 = v40 * v252
    v254 = v253 + v249
    del v249, v253
    v255 = v245 - v254
    del v245, v254
    v256 = 2.046653415892977 * v255
    del v255
    v257 = v12 * v114
    del v114
    v258 = v33 * v222
    v259 = v258 + v257
    del v257, v258
    v260 = v64 * v228
    v261 = v63 * v232
    v262 = v261 + v260
    del v260, v261
    v263 = v262 + v259
    del v259, v262
    v264 = v50 * v248
    v265 = v49 * v252
    v266 = v265 + v264
    del v264, v265
    v267 = v266 + v263
    del v263, v266
    v268 = v58 * v238
    v269 = v57 * v242
    v270 = v269 + v268
    del v268, v269
    v271 = v270 + v267
    del v267, v270
    v272 = 2.046653415892977 * v271
    del v271
    v273 = v12 * v96
    del v12, v96
    v274 = v29 * v222
    del v222
    v275 = v274 + v273
    del v273, v274
    v276 = v58 * v228
    v277 = v57 * v232
    v278 = v277 + v276
    del v276, v277
    v279 = v278 + v275
    del v275, v278
    v280 = v46 * v248
    v281 = v45 * v252
    v282 = v281 + v280
    del v280, v281
    v283 = v282 + v279
    del v279, v282
    v284 = v54 * v238
    v285 = v53 * v242
    v286 = v285 + v284
    del v284, v285
    v287 = v286 + v283
    del v283, v286
    v288 = 2.046653415892977 * v287
    del v287
    v289 = 2.0 * v13
    v290 = v163 * v289
    del v163
    v291 = v49 * v289
    v292 = v58 * v291
    v293 = v50 * v289
    v294 = v57 * v293
    v295 = v294 + v292
    del v292, v294
    v296 = v290 + v295
    del v290, v295
    v297 = v57 * v289
    v298 = v50 * v297
    v299 = v58 * v289
    v300 = v49 * v299
    v301 = v300 + v298
    del v298, v300
    v302 = v301 + v296
    del v296, v301
    v303 = v53 - v40
    v304 = v46 * v289
    v305 = v304 * v303
    del v303
    v306 = v54 - v43
    v307 = v45 * v289
    v308 = v306 * v307
    del v306
    v309 = v308 + v305
    del v305, v308
    v310 = v309 + v302
    del v302, v309
    v311 = v13 * v53
    v312 = v13 * v40
    v313 = v311 - v312
    v314 = 2.0 * v313
    del v313
    v315 = v46 * v314
    del v314
    v316 = v13 * v54
    v317 = v11 + v316
    del v316
    v318 = v13 * v43
    v319 = v11 - v318
    del v318
    v320 = v319 + v317
    v321 = 2.0 * v320
    del v320
    v322 = v45 * v321
    del v321
    v323 = v322 + v315
    del v315, v322
    v324 = v323 + v310
    del v310, v323
    v325 = v30 * v248
    v326 = v29 * v252
    v327 = v326 + v325
    del v325, v326
    v328 = v327 + v324
    del v324, v327
    v329 = v27 * v238
    v330 = v26 * v242
    v331 = v330 + v329
    del v329, v330
    v332 = v331 + v328
    del v328, v331
    v333 = 0.915291232863769 * v332
    del v332
    v334 = v63 - v40
    v335 = v293 * v334
    del v334
    v336 = v64 - v43
    v337 = v336 * v291
    del v336
    v338 = v337 + v335
    del v335, v337
    v339 = v183 * v289
    del v183
    v340 = v339 + v338
    del v338, v339
    v341 = v13 * v63
    v342 = v341 - v312
    v343 = 2.0 * v342
    del v342
    v344 = v50 * v343
    del v343
    v345 = v13 * v64
    v346 = v11 + v345
    del v11, v345
    v347 = v346 + v319
    v348 = 2.0 * v347
    del v347
    v349 = v49 * v348
    del v348
    v350 = v349 + v344
    del v344, v349
    v351 = v350 + v340
    del v340, v350
    v352 = v46 * v297
    v353 = v45 * v299
    v354 = v353 + v352
    del v352, v353
    v355 = v354 + v351
    del v351, v354
    v356 = v58 * v307
    v357 = v57 * v304
    v358 = v357 + v356
    del v356, v357
    v359 = v358 + v355
    del v355, v358
    v360 = v27 * v228
    v361 = v26 * v232
    v362 = v361 + v360
    del v360, v361
    v363 = v362 + v359
    del v359, v362
    v364 = v34 * v248
    v365 = v33 * v252
    v366 = v365 + v364
    del v364, v365
    v367 = v366 + v363
    del v363, v366
    v368 = 0.915291232863769 * v367
    del v367
    v369 = v144 * v289
    del v144, v289
    v370 = v46 * v291
    v371 = v45 * v293
    v372 = v371 + v370
    del v370, v371
    v373 = v369 + v372
    del v369, v372
    v374 = v53 + v63
    v375 = v299 * v374
    del v374
    v376 = v54 + v64
    v377 = v376 * v297
    del v376
    v378 = v377 + v375
    del v375, v377
    v379 = v378 + v373
    del v373, v378
    v380 = v50 * v307
    v381 = v49 * v304
    v382 = v381 + v380
    del v380, v381
    v383 = v382 + v379
    del v379, v382
    v384 = v341 + v311
    v385 = 2.0 * v384
    del v384
    v386 = v58 * v385
    del v385
    v387 = v346 + v317
    v388 = 2.0 * v387
    del v387
    v389 = v57 * v388
    del v388
    v390 = v389 + v386
    del v386, v389
    v391 = v390 + v383
    del v383, v390
    v392 = v30 * v228
    v393 = v29 * v232
    v394 = v393 + v392
    del v392, v393
    v395 = v394 + v391
    del v391, v394
    v396 = v34 * v238
    v397 = v33 * v242
    v398 = v397 + v396
    del v396, v397
    v399 = v398 + v395
    del v395, v398
    v400 = 0.915291232863769 * v399
    del v399
    v401 = v46 * v307
    del v46, v307
    v402 = v45 * v304
    del v45, v304
    v403 = v402 + v401
    del v401, v402
    v404 = v58 * v297
    del v58, v297
    v405 = v57 * v299
    del v57, v299
    v406 = v405 + v404
    del v404, v405
    v407 = v406 + v403
    v408 = v13 * v194
    del v194
    v409 = v408 + v407
    del v407, v408
    v410 = 2.0 * v311
    del v311
    v411 = v54 * v410
    del v54, v410
    v412 = 2.0 * v317
    del v317
    v413 = v53 * v412
    del v53, v412
    v414 = v413 + v411
    del v411, v413
    v415 = v414 + v409
    del v409, v414
    v416 = v30 * v238
    del v30, v238
    v417 = v29 * v242
    del v29, v242
    v418 = v417 + v416
    del v416, v417
    v419 = v418 + v415
    del v415, v418
    v420 = -2.0 * v312
    del v312
    v421 = v43 * v420
    del v43, v420
    v422 = 2.0 * v319
    del v319
    v423 = v40 * v422
    del v40, v422
    v424 = v423 + v421
    del v421, v423
    v425 = v50 * v291
    del v50, v291
    v426 = v49 * v293
    del v49, v293
    v427 = v426 + v425
    del v425, v426
    v428 = v424 - v427
    del v424
    v429 = v13 * v212
    del v212
    v430 = v428 - v429
    del v428, v429
    v431 = v430 - v403
    del v403, v430
    v432 = v27 * v248
    del v27, v248
    v433 = v26 * v252
    del v26, v252
    v434 = v433 + v432
    del v432, v433
    v435 = v431 - v434
    del v431, v434
    v436 = v435 + v419
    v437 = 0.915291232863769 * v436
    del v436
    v438 = v435 - v419
    del v419, v435
    v439 = 0.5284436396808014 * v438
    del v438
    v440 = 2.0 * v341
    del v341
    v441 = v64 * v440
    del v64, v440
    v442 = 2.0 * v346
    del v346
    v443 = v63 * v442
    del v63, v442
    v444 = v443 + v441
    del v441, v443
    v445 = v13 * v203
    del v13, v203
    v446 = v445 + v444
    del v444, v445
    v447 = v427 + v446
    del v427, v446
    v448 = v406 + v447
    del v406, v447
    v449 = v34 * v228
    del v34, v228
    v450 = v33 * v232
    del v33, v232
    v451 = v450 + v449
    del v449, v450
    v452 = v451 + v448
    del v448, v451
    v453 = 1.0568872793616029 * v452
    del v452
    v454 = v453 + v439
    del v439, v453
    return torch.stack((v24, v256, v272, v288, v333, v368, v454, v400, v437,), -2), torch.stack((v25, v37, v68, v133, v220, v122,), -2)
