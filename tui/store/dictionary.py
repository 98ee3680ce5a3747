"""What stored samples of a board have in common, so that only the rest takes room on the disk.

Never edit it: every stored sample was packed with just these bytes, and can't be read with others.
A gauge that is not in here merely takes more room.
"""

from __future__ import annotations

import base64
import zlib

_PACKED = (
    "c-pO)UrZcD9LLX8AH)|mjcMZxCdNeN;r@V<w3MYnq-q-?A!&G7m)*H#VRvUcGk5$+YOvNn7?BtsNbA2C?%;qs3I%Ff"
    "tCINV!Nd4sQql)QpM2>9Nu!Am8fTW<z1`bkIj+ph<!(N|@BC(dzxmC~UCfXX3*=8i2`Sx@Vd+50NJPX%;n_pKb>`pu"
    "D2ITgXr_w)h^Pyyl@cw0WMGmD*|emmKv9Tou=eW=hAG;S#UnV0XBlYpkG}0d<6{xld{9=`42=|p$t}CDz-*E_gos(X"
    "^0+=|nU}3pG~h_r$R*k?2gq1}Jh75sEkMQt<YNgwnFx?gm-wSM2FS*ve6lG(o>~vieL?2LKxhcYpddp8un3b$T{D4$"
    "MoP_x=Ir(K#_L^9P@Q;vx}%V@m$n9@cr8YWT8tWNF>2bc(X3pN>{ZwlWNxzaEDN#@<v}c3nrQ+hG>&;B86ts1(nX`s"
    "75(-{P8KmTg@Hmr*YC{j-8X4Tq+q5E$#N{+Ax7WeID?1Eq&vo$kU~({8DkDYLmbp}9fwY~VCx%wY%_@AXnxc)U59Ml"
    "<d9eF-G#Nl4tv0wzE#(9&IeyLfC146mw%X34!-vA$&{{F8gYGJ)F5vFE<0zY6(D<ak&9&r7$(!SFi?KLQmf}@)7n1N"
    "XJJy>2Mr9LwxES%O71_qZ-LoVuKY8cQL-$o@<j)EHAMRCdZ`j1jcBr@7lq!P6DX_tG+x=NMMF+UMY%M^b)W6@Q2z+s"
    "G8&Qlfl^NwgtD=Hu<>eH+ABvr6FFVWM3_j-Bl6l(jUsW6$f;U9$&dkWWb12?nCpjx08B*rov=l*Q#Hd@Z*Rr4qKKL)"
    "8bfY6Z@k%kt>ddA*R##>CmuZVNy@cKyUDz=%-Q7*Cb{A>pYaZL*Q=FbyE|VplynIhp@n3bk!;V{IiIHUa6P(t`OxF$"
    ")I>P$nLuw9>XM639SP#A75Lun&oc`eD6iks-?y+5z6<AZxFJlh?CBWC(}KfQ;Ue2VAWaJw-iwP@$t5Z{p^L+<$`I1~"
    "pvo3BiNHDb84az_PLdwq>Ej7B?nmIJBcOn^Ef9M#YBv_&s)U~2>AT_aL?r!)ZektKr3Z*qB@?NTQ4dCjmG}dZi5-kg"
    "{61v9ab)Z><6v}R2c&a9^SbWn(8@336iP~R4Jr#s$qZaSPS)AY{~Tr@vfPRwd@;<~!4@2%H(3KJz^&`M-k9c3x1BvB"
    "cK393ygqLNA_9aU3a=0gj6=iXV4vlJZO>1(e|&VcE(nqe@VP|%)?!zu|Aa|dL^DA7@-6(uDT=c?loT=MPQLZ_otGC6"
    "kKXY?GxS{nJm+uwUCt9qQt4R5*5a}8^AD{@oM804kYvqs-1Yoz|1xiD>XHetdp~%T7gfG)3C-CmDk*E!SFce*3v5Mc"
    "z75jnhgBAu6n2Sj4wzldRt!g7Sps1lJ-`(W4~n#C0`HUR-Ur*(uKp}N^80xqvVsAkcXuH2{yexK{&0M4qoZV>u@ICO"
    "9UfuqedkRq=l@ZEI?P2aKWa@h|FWI`l8dGdANv02ly&u~Eiby}Ishak@W>Mep1hlF|M0rk;+kVIMDqXyO~x9~=YMW}"
    "=QUY&U8i3F#sE8O+PdwFu}#~N$)~6RL}q=gxiNOdv8RQIx>+8pZ7g8zMnD0WW~xOz+qGhw`*|7CXTMA|XqNf*Aiq>z"
    "Fia%mxdpTYVRzzzm$vXy&~<lZ2k396q*oLh;RMHf>NSQsKi{l--v88QESw^mzUWv~WZbb$uXqVwQ-KMPMAwizK<Cf@"
    "uJzt{%Wsp>Atq!012kKBG5"
)

DICTIONARY = zlib.decompress(base64.b85decode(_PACKED))
"""One encoded sample of an Orin Nano, all zones and rails in it."""
